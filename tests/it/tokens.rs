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
        let url = format!("{}/luma", simulator.url());
        let mut config = config_with_token(&url, &simulator.token());
        let client = Client::with_config(config.set_auth_scheme(used)).unwrap();
        let error = client.trigger_workflow(&request()).unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (E::Unauthorized, Rejected));
        assert!(error.message().ends_with(says), "{error}");
        let options = WaitOptions::new(LIMIT).unwrap();
        let wait = client.wait_for_workflow("a", &options, |_| Continue(()));
        assert!(wait.error().unwrap().message().ends_with(says), "{wait:?}");
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
