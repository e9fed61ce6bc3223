//! Builds a request with calls of the C ABI in any order and with arbitrary strings. Each status
//! must be the one that the header promises, and the body that is sent must contain exactly the
//! values that were set last.
#![no_main]

use std::collections::BTreeMap;
use std::ffi::{CStr, CString, c_char};
use std::ptr;
use std::sync::Once;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use luma as _;
use serde_json::Value;

mod tree;
mod wire;

use tree::{Parsed, Tree};
use wire::{End, Response};

enum Client {}
enum Request {}
enum CallResult {}

unsafe extern "C" {
    fn luma_client_new(url: *const c_char, token: *const c_char, out: *mut *mut Client) -> i32;
    fn luma_client_free(client: *mut Client);
    fn luma_trigger_request_new(identifier: *const c_char, out: *mut *mut Request) -> i32;
    fn luma_trigger_request_set_variable(
        request: *mut Request,
        name: *const c_char,
        value: *const c_char,
    ) -> i32;
    fn luma_trigger_request_set_variable_json(
        request: *mut Request,
        name: *const c_char,
        json: *const c_char,
    ) -> i32;
    fn luma_trigger_request_set_variables_json(
        request: *mut Request,
        json_object: *const c_char,
    ) -> i32;
    fn luma_trigger_request_set_initiator(request: *mut Request, contact: i64, app: i64) -> i32;
    fn luma_trigger_request_set_initiation_info(
        request: *mut Request,
        key: *const c_char,
        value: *const c_char,
    ) -> i32;
    fn luma_trigger_request_free(request: *mut Request);
    fn luma_trigger_workflow(
        client: *const Client,
        request: *const Request,
        out: *mut *mut CallResult,
    ) -> i32;
    fn luma_trigger_workflow_json(
        client: *const Client,
        json: *const c_char,
        out: *mut *mut CallResult,
    ) -> i32;
    fn luma_result_status(result: *const CallResult) -> i32;
    fn luma_result_outcome(result: *const CallResult) -> i32;
    fn luma_result_message(result: *const CallResult) -> *const c_char;
    fn luma_result_free(result: *mut CallResult);
    fn luma_status_name(status: i32) -> *const c_char;
}

/// A string argument, or NULL.
#[derive(Debug, Arbitrary)]
enum Text {
    Null,
    Bytes(CString),
    Common(Common),
    /// A byte, and how often the length doubles.
    Long(u8, u8),
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Common {
    Empty,
    A,
    B,
    Ticket,
    Account,
    Number,
    Object,
    Escaped,
    Twice,
    Unnamed,
}

#[derive(Debug, Arbitrary)]
enum Step {
    Variable(Text, Text),
    VariableJson(Text, Text),
    VariablesJson(Text),
    Initiator(i64, i64),
    KnownInitiator(i64, bool),
    Info(Text, Text),
    Send,
    SendJson(Text),
    OnNull,
}

impl Text {
    fn bytes(&self) -> Option<CString> {
        Some(match self {
            Text::Null => return None,
            Text::Bytes(bytes) => bytes.clone(),
            Text::Common(common) => match common {
                Common::Empty => c"",
                Common::A => c"a",
                Common::B => c"\"b\\\x01\xc3\xa4",
                Common::Ticket => c"ticketIdentifier",
                Common::Account => c"lumaChannelAccountId",
                Common::Number => c"-12345678901234567890.10e5",
                Common::Object => c"{\"a\":[1,{\"b\":null}],\"c\":\"\\u00e4\"}",
                Common::Escaped => c"{\"\\u0061\":1,\"b\\\"\":2}",
                Common::Twice => c"{\"a\":1,\"\\u0061\":2,\"a\":3}",
                Common::Unnamed => c"{\"\":1}",
            }
            .to_owned(),
            Text::Long(byte, doublings) => {
                CString::new(vec![(*byte).max(1); 1 << (doublings % 13)]).unwrap()
            }
        })
    }
}

/// The ids of the vendor's applications.
const APPLICATIONS: [i64; 4] = [-2, -4, -7, -8];

/// True for a key of the initiation info that an application requires.
fn is_id(text: &str) -> bool {
    ["lumaChannelAccountId", "ticketIdentifier"].contains(&text)
}

fn pointer(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(ptr::null(), |text| text.as_ptr())
}

/// Converts the string arguments from a position on, or returns the status of the first invalid
/// one.
fn texts<const N: usize>(
    given: [&Option<CString>; N],
    first_position: i32,
) -> Result<[String; N], i32> {
    let mut texts = [const { String::new() }; N];
    for (index, text) in given.into_iter().enumerate() {
        let position = first_position + index as i32;
        let text = text.as_ref().ok_or(position)?;
        texts[index] = text.to_str().map_err(|_| 10 + position)?.to_owned();
    }
    Ok(texts)
}

fn name(status: i32) -> &'static str {
    unsafe { CStr::from_ptr(luma_status_name(status)) }.to_str().unwrap()
}

/// The values that were set last.
#[derive(Default)]
struct Expected {
    identifier: String,
    /// `None` if the reference parser cannot represent the value.
    variables: BTreeMap<String, Option<Tree>>,
    initiator: Option<(i64, i64)>,
    info: BTreeMap<String, String>,
}

/// Parses JSON that the ABI must accept, or returns `Err` for a text that it must refuse.
/// `Ok(None)`: the reference parser cannot represent the value.
fn json(text: &str) -> Result<Option<Tree>, ()> {
    if tree::is_nested_too_deep(text.as_bytes()) {
        return Err(());
    }
    match tree::parse(text.as_bytes()) {
        Parsed::Tree(tree) => Ok(Some(tree)),
        Parsed::Odd => Ok(None),
        Parsed::NotJson => Err(()),
    }
}

impl Expected {
    fn set_variables(&mut self, text: &str) -> Option<&'static str> {
        match json(text) {
            Err(()) => Some("LUMA_ERROR_JSON"),
            // The reference parser cannot tell whether it is valid.
            Ok(None) => None,
            Ok(Some(Tree::Object(members))) => {
                if members.iter().any(|(name, _)| name.is_empty()) {
                    return Some("LUMA_ERROR_VARIABLE_NAME");
                }
                self.variables =
                    members.into_iter().map(|(name, value)| (name, Some(value))).collect();
                Some("LUMA_OK")
            }
            Ok(Some(_)) => Some("LUMA_ERROR_VARIABLES"),
        }
    }

    /// Returns the status of a request that is refused before anything is sent.
    fn refusal(&self) -> Option<&'static str> {
        let has_text = |key: &str| self.info.get(key).is_some_and(|text| !text.trim().is_empty());
        match self.initiator {
            Some((_, -2)) if !has_text("lumaChannelAccountId") => {
                Some("LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID")
            }
            Some((_, -4)) if !has_text("ticketIdentifier") => Some("LUMA_ERROR_TICKET_IDENTIFIER"),
            _ => None,
        }
    }

    fn check_body(&self, body: &[u8]) {
        let Parsed::Tree(body) = tree::parse(body) else {
            // The reference parser cannot represent it, but it must be JSON.
            serde_json::from_slice::<serde::de::IgnoredAny>(body).unwrap();
            return;
        };
        let Tree::Object(members) = &body else { panic!("no object") };
        assert_eq!(body.get("workflowIdentifier").unwrap().text(), Some(&*self.identifier));
        let Some(Tree::Object(variables)) = body.get("variables") else { panic!("no variables") };
        assert_eq!(variables.len(), self.variables.len());
        for (name, value) in variables {
            let expected = self.variables.get(name).expect(name);
            assert!(expected.is_none() || expected.as_ref() == Some(value), "{name}");
        }
        let ids = ["initiatorContactId", "initiatorApplicationId"].map(|name| body.get(name));
        let (contact, application) = self.initiator.unzip();
        assert_eq!(
            ids,
            [contact.map(Tree::Integer).as_ref(), application.map(Tree::Integer).as_ref()]
        );
        match body.get("initiationInfo") {
            Some(Tree::Object(info)) => {
                assert_eq!(info.len(), self.info.len());
                for (key, value) in info {
                    assert_eq!(value.text(), self.info.get(key).map(String::as_str), "{key}");
                }
            }
            info => assert!(info.is_none() && self.info.is_empty()),
        }
        let ids = usize::from(self.initiator.is_some()) * 2;
        assert_eq!(members.len(), 2 + ids + usize::from(!self.info.is_empty()));
    }
}

fn body_of(sent: &[u8]) -> &[u8] {
    let end = sent.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    &sent[end + 4..]
}

/// Makes a call. Returns the status, and the bytes that were sent.
fn send(call: impl FnOnce(*mut *mut CallResult) -> i32) -> (&'static str, Vec<u8>) {
    wire::serve(|| Response::new(Vec::new(), End::Close));
    let mut result = ptr::null_mut();
    let status = call(&mut result);
    assert!(!result.is_null());
    let sent = wire::received();
    unsafe {
        assert_eq!(luma_result_status(result), status);
        // LUMA_OUTCOME_NOT_SENT is 3, _UNKNOWN is 4.
        assert_eq!(luma_result_outcome(result), if sent.is_empty() { 3 } else { 4 });
        assert!(!CStr::from_ptr(luma_result_message(result)).is_empty());
        luma_result_free(result);
    }
    assert_eq!(name(status) == "LUMA_ERROR_CONNECTION_LOST", !sent.is_empty());
    (name(status), sent)
}

fn take_step(step: &Step, client: *const Client, request: *mut Request, expected: &mut Expected) {
    // The status, and the promised one, if it is known.
    let (status, promised) = match step {
        Step::Variable(variable, value) => {
            let (variable, value) = (variable.bytes(), value.bytes());
            let status = unsafe {
                luma_trigger_request_set_variable(request, pointer(&variable), pointer(&value))
            };
            (
                status,
                match texts([&variable, &value], 2) {
                    Err(position) => Some(name(position)),
                    Ok([variable, _]) if variable.is_empty() => Some("LUMA_ERROR_VARIABLE_NAME"),
                    Ok([variable, value]) => {
                        expected.variables.insert(variable, Some(Tree::Text(value)));
                        Some("LUMA_OK")
                    }
                },
            )
        }
        Step::VariableJson(variable, value) => {
            let (variable, value) = (variable.bytes(), value.bytes());
            let status = unsafe {
                luma_trigger_request_set_variable_json(request, pointer(&variable), pointer(&value))
            };
            (
                status,
                match texts([&variable, &value], 2) {
                    Err(position) => Some(name(position)),
                    Ok([variable, value]) => match json(&value) {
                        Err(()) => Some("LUMA_ERROR_JSON"),
                        Ok(_) if variable.is_empty() => Some("LUMA_ERROR_VARIABLE_NAME"),
                        Ok(value) => {
                            expected.variables.insert(variable, value);
                            Some("LUMA_OK")
                        }
                    },
                },
            )
        }
        Step::VariablesJson(json) => {
            let json = json.bytes();
            let promised = match texts([&json], 2) {
                Err(position) => Some(name(position)),
                Ok([text]) => {
                    let promised = expected.set_variables(&text);
                    if promised.is_none() {
                        return;
                    }
                    promised
                }
            };
            let status =
                unsafe { luma_trigger_request_set_variables_json(request, pointer(&json)) };
            (status, promised)
        }
        Step::Initiator(contact, application) => {
            let status =
                unsafe { luma_trigger_request_set_initiator(request, *contact, *application) };
            (
                status,
                Some(match i32::try_from(*application) {
                    // They are swapped.
                    _ if APPLICATIONS.contains(contact) && !APPLICATIONS.contains(application) => {
                        "LUMA_ERROR_INITIATOR_APPLICATION"
                    }
                    Ok(_) => {
                        expected.initiator = Some((*contact, *application));
                        "LUMA_OK"
                    }
                    Err(_) => "LUMA_ERROR_INITIATOR_APPLICATION",
                }),
            )
        }
        Step::KnownInitiator(contact, is_luma) => {
            let application = if *is_luma { -2 } else { -4 };
            expected.initiator = Some((*contact, application));
            let status =
                unsafe { luma_trigger_request_set_initiator(request, *contact, application) };
            (status, Some("LUMA_OK"))
        }
        Step::Info(key, value) => {
            let (key, value) = (key.bytes(), value.bytes());
            let status = unsafe {
                luma_trigger_request_set_initiation_info(request, pointer(&key), pointer(&value))
            };
            (
                status,
                match texts([&key, &value], 2) {
                    Err(position) => Some(name(position)),
                    Ok([key, value]) if key.is_empty() || is_id(&value) && !is_id(&key) => {
                        Some("LUMA_ERROR_INITIATION_INFO")
                    }
                    Ok([key, value]) => {
                        expected.info.insert(key, value);
                        Some("LUMA_OK")
                    }
                },
            )
        }
        Step::Send => {
            let (status, sent) = send(|out| unsafe { luma_trigger_workflow(client, request, out) });
            match expected.refusal() {
                Some(refusal) => assert_eq!(status, refusal),
                None => expected.check_body(body_of(&sent)),
            }
            return;
        }
        Step::SendJson(json) => {
            let json = json.bytes();
            let (status, sent) =
                send(|out| unsafe { luma_trigger_workflow_json(client, pointer(&json), out) });
            match texts([&json], 2) {
                Err(position) => assert_eq!(status, name(position)),
                // The JSON is sent verbatim, and has the member that the gateway requires.
                Ok([text]) if !sent.is_empty() => {
                    assert_eq!(body_of(&sent), text.as_bytes());
                    if let Ok(value) = serde_json::from_str::<Value>(&text) {
                        let identifier = value["workflowIdentifier"].as_str().unwrap();
                        assert!(!identifier.trim().is_empty());
                    }
                }
                Ok(_) => {}
            }
            return;
        }
        Step::OnNull => {
            let none = ptr::null_mut();
            let status =
                unsafe { luma_trigger_request_set_variable(none, ptr::null(), ptr::null()) };
            let (refused, sent) = send(|out| unsafe { luma_trigger_workflow(client, none, out) });
            assert_eq!((refused, sent.is_empty()), ("LUMA_ERROR_NULL_ARGUMENT_2", true));
            unsafe { luma_trigger_request_free(none) };
            (status, Some("LUMA_ERROR_NULL_ARGUMENT_1"))
        }
    };
    if let Some(promised) = promised {
        assert_eq!(name(status), promised, "{step:?}");
    }
}

/// Aborts on any panic: a panic of the library must not pass for a status, and one of this file
/// must be reported. The library silences panics when it is first called, so this makes a call
/// first.
fn abort_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        unsafe { luma_trigger_request_free(ptr::null_mut()) };
        std::panic::set_hook(Box::new(|panic| {
            eprintln!("{panic}");
            std::process::abort();
        }));
    });
}

fuzz_target!(|input: (Text, Vec<Step>)| {
    abort_on_panic();
    let (identifier, steps) = input;
    let identifier = identifier.bytes();
    let mut request = ptr::dangling_mut();
    let status = unsafe { luma_trigger_request_new(pointer(&identifier), &mut request) };
    let is_wrong = |text: &str| {
        text.trim().is_empty()
            || text.starts_with('\u{feff}')
            || text.len() > 1024
            || text.chars().any(char::is_control)
    };
    let promised = match texts([&identifier], 1) {
        Err(position) => name(position),
        Ok([text]) if is_wrong(&text) => "LUMA_ERROR_WORKFLOW_IDENTIFIER",
        Ok(_) => "LUMA_OK",
    };
    assert_eq!(name(status), promised);
    assert_eq!(request.is_null(), status != 0);
    let identifier = match status {
        0 => texts([&identifier], 1).unwrap()[0].clone(),
        // A valid request for the steps.
        _ => unsafe {
            assert_eq!(luma_trigger_request_new(c"w".as_ptr(), &mut request), 0);
            "w".to_owned()
        },
    };
    let mut client = ptr::null_mut();
    let url = CString::new(format!("http://127.0.0.1:{}", wire::port())).unwrap();
    assert_eq!(unsafe { luma_client_new(url.as_ptr(), c"t0ken".as_ptr(), &mut client) }, 0);
    let mut expected = Expected { identifier, ..Expected::default() };
    for step in &steps {
        take_step(step, client, request, &mut expected);
    }
    take_step(&Step::Send, client, request, &mut expected);
    unsafe {
        luma_trigger_request_free(request);
        luma_client_free(client);
    }
});
