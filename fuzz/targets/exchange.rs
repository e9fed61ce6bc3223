//! Several calls of one client, whose connections a server answers, cuts, resets and disturbs at
//! any byte. Compares each outcome with what the server received and sent: NOT_SENT if and only if
//! nothing was sent, ACCEPTED and REJECTED only by a response to this request, and no trigger twice
//! unless it was refused.
//!
//! An input is four bytes (the client, and the lengths of the reads and writes) and then steps,
//! which `~` separates. A step is the letter of a call, the letter of how the response ends, and
//! the response: raw, or `#`, a status and a body. `+` instead of a call is one more response to
//! that call, `!` what the server sends without having been asked. A small letter sends the
//! response while the request is still being sent.
#![no_main]

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use luma::{Client, Config, Error, ErrorKind, ListQuery, Outcome, TriggerRequest};

mod reference;
mod tree;
mod wire;

use reference::STATUSES;
use wire::{Action, End, Peer};

const TOKEN: &str = "s3cr3t/0123456789-token";
const MAX_RESPONSE_BYTES: usize = 64 * 1024;
const MAX_STEPS: usize = 12;
const TIMEOUT: Duration = Duration::from_millis(1100);
/// Of a call whose response does not end.
const SHORT_TIMEOUT: Duration = Duration::from_millis(30);
/// How late a call may end on a busy machine. Nothing else waits.
const GRACE: Duration = Duration::from_secs(3);

#[derive(Clone)]
struct Step {
    letter: u8,
    end: End,
    bytes: Vec<u8>,
    /// The status and the body, if this file wrote the framing.
    known: Option<(u16, Vec<u8>)>,
}

impl Step {
    fn parse(text: &[u8]) -> Option<Self> {
        let (&[letter, end], rest) = text.split_first_chunk()?;
        let end = match end {
            b'c' => End::Close,
            b'r' => End::Reset,
            b's' => End::Stall,
            _ => End::Wait,
        };
        let (bytes, known) = match rest {
            [b'#', status, body @ ..] => {
                let status = STATUSES[usize::from(status.wrapping_sub(b'0')) % STATUSES.len()];
                let sent = reference::framed(status, body.len() % 2 == 1, false, body);
                (sent.bytes, sent.known)
            }
            raw => (raw.to_vec(), None),
        };
        Some(Step { letter, end, bytes, known })
    }

    fn is_early(&self) -> bool {
        self.letter.is_ascii_lowercase()
    }
}

/// A request that reached the server, and what was sent in return.
struct Served {
    connection: usize,
    /// How many requests came before on this connection.
    position: usize,
    request: Vec<u8>,
    is_whole: bool,
    response: Option<Step>,
}

#[derive(Default)]
struct Script {
    responses: VecDeque<Step>,
    /// What is sent on the next connection when it is accepted.
    greeting: Option<Step>,
    served: Vec<Served>,
    connections: usize,
    /// Connections on which no request may arrive any more: the server has sent something without
    /// having been asked.
    disturbed: Vec<bool>,
}

type Shared = Arc<Mutex<Script>>;

struct Connection {
    script: Shared,
    number: usize,
    requests: usize,
    is_open: bool,
}

impl Connection {
    fn new(script: &Shared) -> Self {
        let mut locked = script.lock().unwrap();
        let number = locked.connections;
        locked.connections += 1;
        locked.disturbed.push(false);
        Connection { script: script.clone(), number, requests: 0, is_open: false }
    }
}

impl Peer for Connection {
    fn act(&mut self, received: &[u8]) -> Action {
        let mut script = self.script.lock().unwrap();
        if received.is_empty() {
            let Some(step) = script.greeting.take() else { return Action::default() };
            script.disturbed[self.number] =
                !step.bytes.is_empty() || matches!(step.end, End::Close | End::Reset);
            return Action { bytes: step.bytes, end: step.end };
        }
        if !self.is_open {
            assert!(!script.disturbed[self.number], "a request after unsolicited bytes");
            self.is_open = true;
            script.served.push(Served {
                connection: self.number,
                position: self.requests,
                request: Vec::new(),
                is_whole: false,
                response: None,
            });
            self.requests += 1;
        }
        let is_early = script.responses.front().is_some_and(Step::is_early);
        let Some(served) = script.served.iter_mut().rfind(|s| s.connection == self.number) else {
            // The rest of the request of a call that has ended.
            return Action::default();
        };
        served.request.extend_from_slice(received);
        if let Some(length) = wire::request_length(&served.request) {
            assert_eq!(length, served.request.len(), "more than a request");
            served.is_whole = true;
        }
        let is_whole = served.is_whole;
        self.is_open = !is_whole;
        if served.response.is_some() || !is_whole && !is_early {
            return Action::default();
        }
        let Some(step) = script.responses.pop_front() else {
            return Action { bytes: Vec::new(), end: End::Close };
        };
        let served = script.served.iter_mut().rfind(|served| served.connection == self.number);
        served.unwrap().response = Some(step.clone());
        let end = match step.end {
            End::Wait if !is_whole => End::StopReading,
            end => end,
        };
        Action { bytes: step.bytes, end }
    }
}

/// A call's outcome, and the trigger id if it is an accepted trigger.
fn call(client: &Client, letter: u8) -> Result<Option<String>, Error> {
    let trigger = |identifier: &str, length: usize| {
        let mut request = TriggerRequest::new(identifier).unwrap();
        request.set_variable("text", &"x".repeat(length)).unwrap();
        client.trigger_workflow(&request).map(|trigger| Some(trigger.trigger_id().to_owned()))
    };
    let query = ListQuery::default();
    match letter.to_ascii_uppercase() {
        b'V' => trigger("v", 0),
        b'B' => trigger("w", 20_000),
        b'H' => client.get_workflow_history("a").map(|_| None),
        b'I' => client.get_workflow_history("b").map(|_| None),
        b'S' => client.get_workflow_step("a", "s").map(|_| None),
        b'P' => client.list_workflow_steps("a", &query).map(|_| None),
        b'D' => client.list_workflow_definitions(&query).map(|_| None),
        b'L' => client.generate_launch_url("a").map(|_| None),
        b'N' => client.regenerate_tenant_token("super", "tenant").map(|_| None),
        b'C' => client.connect().map(|_| None),
        _ => trigger("w", 0),
    }
}

/// Returns the status and the body of the response to a request, if it is complete.
fn response_to(served: &Served) -> Option<(u16, Vec<u8>)> {
    let Step { bytes, end, known, .. } = served.response.as_ref()?;
    let is_delimited_by_end = *end == End::Reset || *end == End::Stall;
    let whole = || reference::whole_response(bytes, is_delimited_by_end, MAX_RESPONSE_BYTES);
    known.clone().or_else(whole)
}

fn check_error(error: &Error) {
    assert_ne!(error.kind(), ErrorKind::Internal, "{error:?}");
    let texts = [error.message(), &format!("{error:?}")];
    for text in texts.into_iter().chain(error.errors().iter().map(String::as_str)) {
        assert!(
            !reference::contains_token(text, TOKEN) && !text.chars().any(char::is_control),
            "{text:?}"
        );
    }
}

fn check(letter: u8, result: &Result<Option<String>, Error>, served: &[Served], accepted: usize) {
    let letter = letter.to_ascii_uppercase();
    let is_trigger = !b"HISPDLNC".contains(&letter);
    let has_effect = is_trigger || b"LN".contains(&letter);
    let is_list = b"PD".contains(&letter);
    let outcome = result.as_ref().map_or_else(Error::outcome, |_| Outcome::Accepted);
    if letter == b'C' {
        assert!(served.is_empty() && accepted == 0);
        assert!(matches!(outcome, Outcome::Accepted | Outcome::NotSent));
        return;
    }
    // A list that could not be completed has the outcome of its last page.
    if accepted == 0 || !is_list {
        assert_eq!(outcome == Outcome::NotSent, accepted == 0, "{result:?}");
    }
    let Some((last, earlier)) = served.split_last() else {
        assert!(matches!(outcome, Outcome::NotSent | Outcome::Unknown), "{result:?}");
        return;
    };
    if has_effect {
        assert!(letter != b'N' || earlier.is_empty(), "sent again");
        for refused in earlier {
            let (status, body) = response_to(refused).expect("sent again after no response");
            assert!(refused.position == 0 && matches!(status, 401 | 429), "sent again: {status}");
            let expected = reference::expected(status, &body, TOKEN);
            assert!(expected.is_none_or(|outcome| outcome == Outcome::Rejected));
        }
    }
    let whole = response_to(last);
    let is_refused_before = !earlier.is_empty() && last.request.is_empty();
    match (outcome, &whole) {
        (Outcome::Accepted, Some((200..=299, _))) => assert!(last.is_whole, "{result:?}"),
        (Outcome::Accepted, _) => panic!("accepted by {whole:?}"),
        (Outcome::Rejected, None) => assert!(is_refused_before, "{result:?}"),
        _ => {}
    }
    let Some((status, body)) = whole.filter(|_| is_trigger) else { return };
    let expected = reference::expected(status, &body, TOKEN);
    let is_exact = last.position == 0
        && last.is_whole
        && last.response.as_ref().is_some_and(|step| step.known.is_some() && !step.is_early());
    match (expected, outcome) {
        (Some(expected), outcome) if is_exact => assert_eq!(outcome, expected, "{status} {body:?}"),
        (Some(expected), Outcome::Accepted | Outcome::Rejected) => {
            assert_eq!(outcome, expected, "{status} {body:?}");
        }
        _ => {}
    }
    if let Ok(Some(id)) = result {
        let contains = |id: &str| body.windows(id.len()).any(|window| window == id.as_bytes());
        assert!(contains(id) || body.contains(&b'\\'), "{id} is not in the response");
    }
}

/// Sends bytes on the idle connections, or else on the next one when it is accepted.
fn disturb(script: &Shared, step: &Step) {
    if wire::connections() == 0 {
        script.lock().unwrap().greeting = Some(step.clone());
        return;
    }
    wire::push(&step.bytes, step.end);
    if !step.bytes.is_empty() || matches!(step.end, End::Close | End::Reset) {
        script.lock().unwrap().disturbed.fill(true);
    }
}

fn client(kind: u8) -> Client {
    let mut config = Config::new(&format!("http://127.0.0.1:{}", wire::port()), TOKEN).unwrap();
    config.set_proxy("direct").unwrap();
    config.set_max_response_bytes(MAX_RESPONSE_BYTES as u64).unwrap();
    config.set_timeout(TIMEOUT).unwrap().set_retries(kind & 2 != 0);
    if kind & 1 != 0 {
        let asked = AtomicU32::new(0);
        // Each contains the token of the checks, because that of the configuration is not sent.
        let token = move || Some(format!("{TOKEN}-{}", asked.fetch_add(1, Relaxed)));
        config.set_token_provider(token);
    }
    Client::with_config(&config).unwrap()
}

fuzz_target!(|data: &[u8]| {
    let Some((&[kind, first, others, sends], text)) = data.split_first_chunk() else { return };
    let steps: Vec<_> =
        text.split(|byte| *byte == b'~').filter_map(Step::parse).take(MAX_STEPS).collect();
    let script = Shared::default();
    let served = script.clone();
    wire::serve(move || Connection::new(&served));
    let piece = |byte: u8| usize::from(byte.wrapping_sub(b'0'));
    wire::limit(piece(first), piece(others), piece(sends) * 100);
    let client = client(kind);
    let mut accepted_id = (0, None);
    let mut at = 0;
    while let Some(step) = steps.get(at) {
        at += 1;
        if step.letter == b'!' {
            disturb(&script, step);
            continue;
        }
        let more = steps[at..].iter().take_while(|step| step.letter == b'+').count();
        let responses = &steps[at - 1..at + more];
        at += more;
        script.lock().unwrap().responses = responses.iter().cloned().collect();
        wire::set_small_buffers(step.is_early());
        wire::accepted();
        let is_slow = |step: &Step| step.end == End::Stall || step.is_early();
        let timeout = if responses.iter().any(is_slow) { SHORT_TIMEOUT } else { TIMEOUT };
        let started = Instant::now();
        let result = call(&client.with_timeout(timeout).unwrap(), step.letter);
        assert!(started.elapsed() < timeout + GRACE, "{:?}", started.elapsed());
        if let Err(error) = &result {
            check_error(error);
        }
        let served = std::mem::take(&mut script.lock().unwrap().served);
        check(step.letter, &result, &served, wire::accepted());
        if let (Ok(Some(id)), Some(last)) = (&result, served.last()) {
            let (connection, previous) = accepted_id;
            assert!(connection != last.connection || previous.as_ref() != Some(id), "twice: {id}");
            accepted_id = (last.connection, Some(id.clone()));
        }
    }
    wire::set_small_buffers(false);
    drop(client);
    let open = wire::connections();
    wire::close();
    // The system still has what a server does not read.
    assert!(open == 0 || steps.iter().any(Step::is_early), "a connection is left");
});
