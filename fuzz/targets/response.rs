//! Checks the response to a trigger, whatever a server sends: the outcome matches a simple
//! reference, no text of an error contains the token, and memory stays within its limit.
#![no_main]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use libfuzzer_sys::fuzz_target;
use luma::{Client, Config, Error, Outcome, TriggerRequest};

mod reference;
mod tree;
mod wire;

use reference::{STATUSES, Sent, expected, framed, whole_response};
use tree::{Parsed, Tree};
use wire::{End, Response};

const TOKEN: &str = "s3cr3t/0123456789-token";
const MAX_RESPONSE_BYTES: usize = 4096;
/// Enough for the buffers of a connection, a head of 64 KiB, the gzip decoder, ureq, and some
/// copies of the longest response.
const MAX_MEMORY: usize = 512 * 1024;

/// The system's allocator, counting the memory in use.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let in_use = IN_USE.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(in_use, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let mut config = Config::new(&format!("http://127.0.0.1:{}", wire::port()), TOKEN).unwrap();
    config.set_proxy("direct").unwrap();
    config.set_retries(false).set_max_idle_connections(0).unwrap();
    config.set_max_response_bytes(MAX_RESPONSE_BYTES as u64).unwrap();
    Client::with_config(&config).unwrap()
});

/// Checks that no text of an error contains the token.
fn check_secrecy(error: &Error) {
    let escaped = TOKEN.replace('/', "\\/");
    let texts = [error.message(), &error.to_string(), &format!("{error:?}")];
    let shown = texts.into_iter().chain(error.errors().iter().map(String::as_str));
    for text in shown {
        assert!(!text.contains(TOKEN) && !text.contains(&escaped), "{text}");
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
    if let Some(response) = error.response() {
        assert!(!response.text().contains(TOKEN) && !response.text().contains(&escaped));
        let text = tree::without_surrogates(response.text());
        if let Parsed::Tree(tree) = tree::parse(text.as_bytes()) {
            assert!(!tree.any_text(&|text| text.contains(TOKEN)), "{}", response.text());
        }
    }
}

/// Checks that a message does not contain a part of the token, if the body contains whole tokens
/// only.
fn check_parts(message: &str, body: &[u8]) {
    const PART: usize = 12;
    let escaped = TOKEN.replace('/', "\\/");
    let others = String::from_utf8_lossy(body).replace(TOKEN, "\0").replace(&escaped, "\0");
    let part_of = |text: &str| {
        let mut parts = (0..=TOKEN.len() - PART).map(|at| &TOKEN[at..at + PART]);
        parts.find(|part| text.contains(part))
    };
    if !others.contains('\\') && part_of(&others).is_none() {
        assert_eq!(part_of(message), None, "{message}");
    }
}

fuzz_target!(|data: &[u8]| {
    // Letters and digits are enough for these bytes, so that seeds can be written by hand.
    let Some((&[kind, status, first, others], content)) = data.split_first_chunk() else { return };
    let bit = |bit: u8| kind >> bit & 1 == 1;
    let (is_raw, is_chunked, is_gzip, ends_in_reset) = (bit(0), bit(1), bit(2), bit(3));
    let piece = |byte: u8| usize::from(byte.wrapping_sub(b'0'));
    let sent = match is_raw {
        true => Sent { bytes: content.to_vec(), known: None },
        false => {
            let status = STATUSES[piece(status) % STATUSES.len()];
            framed(status, is_chunked, is_gzip, content)
        }
    };
    let request = TriggerRequest::new("w").unwrap();
    LazyLock::force(&CLIENT);
    let end = if ends_in_reset { End::Reset } else { End::Close };
    let bytes = sent.bytes.clone();
    wire::serve(move || Response::new(bytes.clone(), end));
    wire::limit(piece(first), piece(others), 0);

    let before = IN_USE.load(Relaxed);
    PEAK.store(before, Relaxed);
    let result = CLIENT.trigger_workflow(&request);
    let memory = PEAK.load(Relaxed) - before;
    assert!(memory <= MAX_MEMORY, "{memory}");

    let request = wire::received();
    wire::close();
    assert!(request.starts_with(b"POST /gateway/api/v1/workflow/trigger HTTP/1.1\r\n"));
    assert!(request.ends_with(br#"{"workflowIdentifier":"w","variables":{}}"#));

    let outcome = match &result {
        Ok(_) => Outcome::Accepted,
        Err(error) => error.outcome(),
    };
    if let Err(error) = &result {
        check_secrecy(error);
        if let Some((_, body)) = &sent.known {
            check_parts(error.message(), body);
        }
        assert_ne!(outcome, Outcome::Accepted);
        assert_ne!(error.kind(), luma::ErrorKind::Internal);
    }
    assert_ne!(outcome, Outcome::NotSent);

    let whole = match &sent.known {
        Some((_, body)) if body.len() > MAX_RESPONSE_BYTES => None,
        Some(known) => Some(known.clone()),
        None => whole_response(&sent.bytes, ends_in_reset, MAX_RESPONSE_BYTES),
    };
    let Some((status, body)) = whole else {
        assert_eq!(outcome, Outcome::Unknown);
        return;
    };
    let expected = expected(status, &body, TOKEN);
    match (outcome, expected) {
        // In arbitrary bytes, the reference accepts more as a response than the library does.
        (Outcome::Unknown, _) if is_raw => {}
        (outcome, Some(expected)) => assert_eq!(outcome, expected, "{status} {body:?}"),
        (_, None) => {}
    }
    if let (Ok(trigger), Parsed::Tree(tree)) = (&result, tree::parse(&body)) {
        let id = ["resultData", "executionConfig", "triggerId"];
        let id = id.iter().try_fold(&tree, |at, name| at.get(name)).and_then(Tree::text);
        assert_eq!(id, Some(trigger.trigger_id()));
        assert!(!trigger.trigger_id().trim().is_empty());
        assert!((200..300).contains(&status));
    }
});
