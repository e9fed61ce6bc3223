//! The access token: replaced while calls are running, and regenerated.

use std::ops::ControlFlow::Continue;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use luma::Outcome::*;
use luma::{AuthScheme, Client, ErrorKind as E, ListQuery, WaitOptions};
use luma_simulator::{AuthScheme as Gateway, Options, Simulator, TENANT_EXTERNAL_ID};

use crate::support::Step::{self, *};
use crate::support::calls::*;
use crate::support::{LIMIT, ScriptServer, TOKEN, config_with_token, request, response};

/// A server that follows `script`, and its client, which the script can use too.
fn with_shared_client(
    script: impl FnOnce(Arc<OnceLock<Client>>) -> Vec<Step>,
) -> (ScriptServer, Arc<OnceLock<Client>>) {
    let shared = Arc::new(OnceLock::new());
    let server = ScriptServer::start(vec![script(shared.clone())]);
    assert!(shared.set(client(&server.url)).is_ok());
    (server, shared)
}

fn replace_token(shared: &Arc<OnceLock<Client>>) -> Step {
    let shared = shared.clone();
    Do(Arc::new(move || shared.get().unwrap().set_access_token(NEXT_TOKEN).unwrap()))
}

#[test]
fn a_running_call_keeps_its_token_and_the_next_one_has_the_new_token() {
    let (server, client) = with_shared_client(|client| {
        let running = vec![Read, replace_token(&client), Send(ok(HISTORY))];
        [running, answers(&[ok(HISTORY), ok(HISTORY)])].concat()
    });
    let client = client.get().unwrap();
    client.get_workflow_history("x").unwrap();
    client.get_workflow_history("x").unwrap();
    for bad in ["", "a b", "a\r\nX: y", "ä", &"a".repeat(8193)] {
        assert_eq!(failure(client.set_access_token(bad)), (NotSent, E::AccessToken));
    }
    client.get_workflow_history("x").unwrap();
    assert_eq!(tokens(&server), [TOKEN, NEXT_TOKEN, NEXT_TOKEN]);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_wait_polls_again_if_its_token_was_replaced_meanwhile() {
    let (server, client) = with_shared_client(|client| {
        let refused = vec![Read, replace_token(&client), Send(response("401 X", ""))];
        [refused, answers(&[ok(HISTORY), response("401 X", "")])].concat()
    });
    let wait = || {
        let options = WaitOptions::new(LIMIT).unwrap();
        client.get().unwrap().wait_for_workflow("x", &options, |_| Continue(()))
    };
    let replaced = wait();
    assert_eq!((replaced.polls(), replaced.info().attempts()), (1, 2));
    assert!(replaced.error().is_none(), "{replaced:?}");
    // If the current token is rejected, the wait ends.
    assert_eq!(wait().error().unwrap().kind(), E::Unauthorized);
    assert_eq!(tokens(&server), [TOKEN, NEXT_TOKEN, NEXT_TOKEN]);
}

#[test]
fn a_running_list_keeps_its_token_for_all_pages() {
    let (server, client) = with_shared_client(|client| {
        let first = vec![Read, replace_token(&client), Send(ok(page(0..100)))];
        [first, answers(&[ok(page(100..105)), ok(page(0..0))])].concat()
    });
    assert_eq!(
        client.get().unwrap().list_workflow_definitions(&ListQuery::default()).unwrap().len(),
        105
    );
    assert_eq!(tokens(&server), [TOKEN, TOKEN, TOKEN]);
}

#[test]
fn every_request_has_one_complete_token_while_it_is_replaced() {
    let (server, client) = serving(&vec![ok(HISTORY); 200]);
    let left = AtomicUsize::new(8);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let reads = (0..25).filter(|_| client.get_workflow_history("x").is_ok()).count();
                left.fetch_sub(1, Ordering::SeqCst);
                assert_eq!(reads, 25);
            });
        }
        for token in [NEXT_TOKEN, TOKEN].into_iter().cycle() {
            client.set_access_token(token).unwrap();
            if left.load(Ordering::SeqCst) == 0 {
                break;
            }
            thread::yield_now();
        }
    });
    let tokens = tokens(&server);
    assert_eq!(tokens.len(), 200);
    assert!(tokens.iter().all(|token| [TOKEN, NEXT_TOKEN].contains(&&**token)));
}

#[test]
fn regenerating_uses_a_dedicated_connection_and_is_sent_once() {
    let answer = |response| vec![Read, Send(response), Wait];
    let redirect = response("307 X\r\nLocation: /gateway", "");
    for (script, expected) in [
        (answer(ok(TENANT_TOKEN)), None),
        (answer(response("503 X\r\nRetry-After: 0", "")), Some((Unknown, E::ServerFailed))),
        (answer(redirect), Some((Rejected, E::Redirected))),
        (vec![Read], Some((Unknown, E::ConnectionLost))),
        (vec![ReadBytes(1)], Some((Unknown, E::ConnectionLost))),
        (vec![Read, Reset], Some((Unknown, E::ConnectionLost))),
    ] {
        let is_read = script.iter().any(|step| matches!(step, Read));
        let is_left_open = script.iter().any(|step| matches!(step, Wait));
        let server = ScriptServer::start(vec![answers(&[ok(HISTORY), ok(HISTORY)]), script]);
        let client = client(&server.url);
        client.get_workflow_history("x").unwrap();
        let result = client.regenerate_tenant_token(SUPER_ADMIN, "x");
        assert_eq!(result.err().map(|error| (error.outcome(), error.kind())), expected);
        if is_left_open {
            server.wait_until_closed(1);
        }
        // The first connection is still open, and the client still has its token.
        client.get_workflow_history("x").unwrap();
        let expected = [TOKEN, SUPER_ADMIN, TOKEN];
        let expected = expected.into_iter().filter(|&token| is_read || token != SUPER_ADMIN);
        assert!(expected.eq(tokens(&server)));
        assert_eq!(server.connections(), 2);
    }
}

#[test]
fn a_regenerated_token_replaces_the_old_one() {
    let simulator = Simulator::start().unwrap();
    let config = config_with_token(simulator.url(), &simulator.token());
    let client = Client::with_config(&config).unwrap();
    let id = client.trigger_workflow(&request()).unwrap().trigger_id().to_owned();
    let wrong = client.regenerate_tenant_token(&simulator.token(), TENANT_EXTERNAL_ID);
    assert_eq!(failure(wrong), (Rejected, E::Unauthorized));
    let token = client.regenerate_tenant_token(simulator.super_admin_token(), TENANT_EXTERNAL_ID);
    let token = token.unwrap();
    assert_eq!(token.access_token(), simulator.token());
    assert_eq!(failure(client.get_workflow_history(&id)), (Rejected, E::Unauthorized));
    client.set_access_token(token.access_token()).unwrap();
    client.get_workflow_history(&id).unwrap();
    let url = client.generate_launch_url(&id).unwrap();
    assert!(url.url().starts_with(simulator.url()), "{}", url.url());
    let journal = simulator.journal();
    let connections: Vec<_> = journal.iter().map(|delivery| delivery.connection).collect();
    assert_eq!(connections, [1, 2, 3, 1, 1, 1]);
}

#[test]
fn a_401_says_which_header_carried_the_token_and_which_one_others_expect() {
    for (used, required, says) in [
        (
            AuthScheme::Bearer,
            Gateway::ApiAccessKey,
            "; the token was sent in the header Authorization: Bearer; newer gateways expect it in \
             itas-api-access-key, see auth_scheme",
        ),
        (
            AuthScheme::ApiAccessKey,
            Gateway::Bearer,
            "; the token was sent in the header itas-api-access-key; older gateways expect it in \
             Authorization: Bearer, see auth_scheme",
        ),
    ] {
        let options = Options {
            auth_scheme: Some(required),
            path_prefix: Some("/luma".into()),
            ..Options::default()
        };
        let simulator = Simulator::start_with(options).unwrap();
        let mut config = config_with_token(simulator.url(), &simulator.token());
        let client = Client::with_config(config.set_auth_scheme(used)).unwrap();
        let error = client.trigger_workflow(&request()).unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (E::Unauthorized, Rejected));
        assert!(error.message().ends_with(says), "{error}");
        let options = WaitOptions::new(LIMIT).unwrap();
        let wait = client.wait_for_workflow("a", &options, |_| Continue(()));
        let message = wait.error().unwrap().message();
        assert!(message.ends_with(says) && !message.contains(".;"), "{message}");
        // There is only one header for a super-admin token.
        let error = client.regenerate_tenant_token("wrong", "a").unwrap_err();
        let says = "; the token was sent in the header Authorization: Bearer";
        assert!(error.message().ends_with(says), "{error}");
        assert!(simulator.runs().is_empty());
    }
}

#[test]
fn a_401_says_what_looks_wrong_with_the_token() {
    for (token, says) in [
        ("bearer.s3cr3t", "; the token starts with \"Bearer\", which the library adds"),
        ("BearerS3cr3t", "; the token starts with \"Bearer\", which the library adds"),
        ("access_token=\"s3cr3t\"x", "; the token contains a quotation mark"),
        ("%22s3cr3t%22", "; the token contains a quotation mark"),
        ("s3cr3t%0A", "; the token is percent-encoded"),
        ("s3cr3t", "see auth_scheme"),
    ] {
        let server = ScriptServer::start(vec![vec![Read, Send(response("401 X", ""))]]);
        let client = Client::with_config(&config_with_token(&server.url, token)).unwrap();
        let error = client.trigger_workflow(&request()).unwrap_err();
        assert!(error.message().ends_with(says), "{error}");
        assert!(!error.message().to_lowercase().contains("s3cr3t"), "{error}");
    }
}

/// A configuration whose provider returns these tokens, the last one repeatedly, and the number of
/// times that it was asked. "" means that there is none.
fn providing(url: &str, tokens: &[&'static str]) -> (luma::Config, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let mut config = config_with_token(url, "not-used");
    let (count, tokens) = (asked.clone(), tokens.to_vec());
    config.set_retries(true).set_token_provider(move || {
        let number = count.fetch_add(1, Ordering::SeqCst).min(tokens.len() - 1);
        Some(tokens[number].to_owned()).filter(|token| !token.is_empty())
    });
    (config, asked)
}

/// A server that closes each connection after one of these responses.
fn one_by_one(responses: &[Vec<u8>]) -> ScriptServer {
    ScriptServer::start(
        responses
            .iter()
            .map(|response| {
                let response = String::from_utf8(response.clone()).unwrap();
                vec![Read, Send(response.replacen("\r\n", "\r\nConnection: close\r\n", 1).into())]
            })
            .collect(),
    )
}

#[test]
fn a_token_provider_is_asked_once_and_again_after_a_401() {
    for call in CALLS.iter().filter(|call| call.name != "tenant token") {
        let server = one_by_one(&[response("401 X", ""), ok(call.fixture)]);
        let (config, asked) = providing(&server.url, &[TOKEN, NEXT_TOKEN]);
        let client = Client::with_config(&config).unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 0);
        let (_, response) = (call.run)(&client).unwrap();
        let requests = tokens(&server);
        assert_eq!(requests[..2], [TOKEN, NEXT_TOKEN], "{}", call.name);
        assert!(requests[1..].iter().all(|token| token == NEXT_TOKEN), "{}", call.name);
        assert_eq!(response.info().attempts() as usize, requests.len());
        // The next call has the new token at once.
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        drop((call.run)(&client));
        assert_eq!(tokens(&server)[requests.len()], NEXT_TOKEN);
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }
}

#[test]
fn a_call_goes_on_after_a_401_only_with_another_token_and_only_once() {
    for (provided, deliveries, asked_times) in
        [(vec![TOKEN], 1, 2), (vec![TOKEN, NEXT_TOKEN, "third"], 2, 2), (vec![TOKEN, ""], 1, 2)]
    {
        let server = ScriptServer::start(vec![vec![Read, Send(response("401 X", ""))]]);
        let (config, asked) = providing(&server.url, &provided);
        let client = Client::with_config(&config).unwrap();
        let error = client.trigger_workflow(&request()).unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (E::Unauthorized, Rejected), "{error}");
        assert_eq!((server.deliveries(), asked.load(Ordering::SeqCst)), (deliveries, asked_times));
        assert_eq!(error.info().attempts() as usize, deliveries);
    }
    // Without retries.
    let server = one_by_one(&[response("401 X", "")]);
    let (mut config, _) = providing(&server.url, &[TOKEN, NEXT_TOKEN]);
    let client = Client::with_config(config.set_retries(false)).unwrap();
    client.trigger_workflow(&request()).unwrap_err();
    client.get_workflow_history("a").unwrap_err();
    assert_eq!(tokens(&server), [TOKEN, NEXT_TOKEN]);
}

#[test]
fn a_401_that_proves_nothing_is_not_followed_by_another_trigger() {
    let refused = response("401 X", "");
    let unreadable = response("401 X", [0xff, 0xfe, 0, 0x81, 0x81]);
    let contradicting = response("401 X", call("trigger").fixture);
    for script in [
        vec![Read, Send(unreadable)],
        vec![Read, Send(contradicting)],
        vec![Read, Send(ok(call("history").fixture)), Read, Send(refused)],
    ] {
        let is_reused = script.len() > 2;
        let server = ScriptServer::start(vec![
            [script, vec![Wait]].concat(),
            vec![Read, Send(ok(call("trigger").fixture)), Wait],
        ]);
        let (config, asked) = providing(&server.url, &[TOKEN, NEXT_TOKEN]);
        let client = Client::with_config(&config).unwrap();
        if is_reused {
            client.get_workflow_history("a").unwrap();
            // Until reuse is proven, a trigger uses a connection only after a rest.
            thread::sleep(std::time::Duration::from_millis(100));
        }
        let error = client.trigger_workflow(&request()).unwrap_err();
        assert_eq!(error.kind(), E::Unauthorized, "{error}");
        assert_eq!(error.info().is_connection_reused(), is_reused);
        server.assert_received(1, if is_reused { 2 } else { 1 });
        // The next call has the new token.
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }
}

#[test]
fn a_wait_goes_on_with_a_new_token_as_often_as_it_is_needed() {
    let refused = response("401 X", "");
    let running = ok(replaced(call("history").fixture, "COMPLETED", "RUNNING"));
    let server = one_by_one(&[refused.clone(), running, refused, ok(call("history").fixture)]);
    let (config, _) = providing(&server.url, &["first", "second", "third"]);
    let client = Client::with_config(&config).unwrap();
    let options = WaitOptions::new(LIMIT).unwrap();
    let wait = client.wait_for_workflow("a", &options, |_| Continue(()));
    assert_eq!(wait.polls(), 2);
    assert!(wait.error().is_none(), "{wait:?}");
    assert_eq!(tokens(&server), ["first", "second", "second", "third"]);
}

#[test]
fn without_a_valid_token_nothing_is_sent() {
    for (token, says) in [
        ("", "the token provider returned no token"),
        ("s3cr3t\n", "the token of the token provider ends with a line break; remove it"),
        ("Bearer s3cr3t", "the token of the token provider starts with \"Bearer \""),
    ] {
        let server = ScriptServer::start(vec![vec![Read]]);
        let (config, _) = providing(&server.url, &[token]);
        let client = Client::with_config(&config).unwrap();
        for call in CALLS.iter().filter(|call| call.name != "tenant token") {
            let error = (call.run)(&client).unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (E::AccessToken, NotSent), "{error}");
            assert!(error.message().contains(says) && !error.message().contains("s3cr3t"));
        }
        let options = WaitOptions::new(LIMIT).unwrap();
        let wait = client.wait_for_workflow("a", &options, |_| Continue(()));
        let error = wait.error().unwrap();
        assert_eq!((error.kind(), error.outcome()), (E::AccessToken, NotSent), "{error}");
        assert_eq!(server.connections(), 0);
    }
}

#[test]
fn a_token_provider_runs_on_the_calling_thread_and_under_no_lock() {
    let server = one_by_one(&[response("401 X", ""), ok(call("trigger").fixture)]);
    let shared: Arc<OnceLock<Client>> = Arc::default();
    // Weak: the client owns this callback, and would keep itself in memory.
    let (caller, inside) = (thread::current().id(), Arc::downgrade(&shared));
    let mut config = config_with_token(&server.url, "not-used");
    let count = AtomicUsize::new(0);
    config.set_retries(true).set_token_provider(move || {
        assert_eq!(thread::current().id(), caller);
        // Any lock of the client would block here.
        let shared = inside.upgrade().unwrap();
        let client = shared.get().unwrap();
        let number = count.fetch_add(1, Ordering::SeqCst);
        client.set_access_token(&format!("newer-{number}")).unwrap();
        client.with_request_id("x").unwrap();
        Some(format!("older-{number}"))
    });
    assert!(shared.set(Client::with_config(&config).unwrap()).is_ok());
    shared.get().unwrap().trigger_workflow(&request()).unwrap();
    // A token that was set while the provider was asked is newer than its answer.
    assert_eq!(tokens(&server), ["newer-0", "newer-1"]);
    let panicking = config.set_token_provider(|| panic!("in the provider"));
    let client = Client::with_config(panicking).unwrap();
    let call = || client.trigger_workflow(&request());
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"in the provider"));
}
