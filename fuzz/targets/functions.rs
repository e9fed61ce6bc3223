//! Calls of all functions of the C ABI, in any order, with any arguments, on handles that earlier
//! calls made, with callbacks and a server that responds anything. Nothing may crash, leak or
//! block; every out-parameter, status, text and result must be defined. `build.rs` writes the
//! calls, from the header.
#![no_main]
#![allow(non_camel_case_types, reason = "the names of the header")]

use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char, c_void};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::ptr;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Arc, LazyLock, Mutex, Once};

use arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use luma as _;

mod reference;
mod tree;
mod wire;

use reference::STATUSES;
use wire::{Action, End, Peer};

include!(concat!(env!("OUT_DIR"), "/functions.rs"));

type token_fn = extern "C" fn(*mut c_char, usize, *mut c_void) -> usize;
type free_fn = extern "C" fn(*mut c_void);
type log_fn = extern "C" fn(i32, *const c_char, *mut c_void);
type poll_fn = extern "C" fn(*const c_void, *mut c_void) -> i32;
type claim_fn = extern "C" fn(
    *const c_char,
    *const c_char,
    *const c_char,
    *mut c_char,
    usize,
    *mut c_void,
) -> i32;
type complete_fn = extern "C" fn(*const c_char, i32, *const c_char, *mut c_void) -> i32;

/// What an out-parameter has before a call, and what no function returns.
const DIRTY: *mut c_void = ptr::without_provenance_mut(77);
const USER_DATA: *mut c_void = ptr::without_provenance_mut(78);
const TOKEN: &[u8] = b"s3cr3t-0123456789";
const MAX_CALLS: usize = 24;
/// Of every call to the gateway. Too short for a retry, which would only take time.
const TIMEOUT_MS: i64 = 50;

/// What the callbacks return next.
static ANSWER: AtomicI32 = AtomicI32::new(0);

fn check_text(text: *const c_char) {
    assert!(!text.is_null());
    let text = unsafe { CStr::from_ptr(text) }.to_str().unwrap();
    assert!(text.len() < 1 << 20);
}

fn check_log(text: *const c_char) {
    check_text(text);
    let text = unsafe { CStr::from_ptr(text) }.to_str().unwrap();
    assert!(!text.contains("s3cr3t") && !text.contains('\n'), "{text}");
}

extern "C" fn on_token(buffer: *mut c_char, size: usize, _: *mut c_void) -> usize {
    match ANSWER.fetch_add(1, Relaxed) {
        0 => 0,
        1 => usize::MAX,
        _ if size < TOKEN.len() => TOKEN.len(),
        _ => {
            unsafe { buffer.cast::<u8>().copy_from_nonoverlapping(TOKEN.as_ptr(), TOKEN.len()) };
            TOKEN.len()
        }
    }
}

extern "C" fn on_free(user_data: *mut c_void) {
    assert_eq!(user_data, USER_DATA);
}

extern "C" fn on_log(level: i32, line: *const c_char, user_data: *mut c_void) {
    assert!((1..=4).contains(&level) && user_data == USER_DATA);
    check_log(line);
}

extern "C" fn on_poll(result: *const c_void, user_data: *mut c_void) -> i32 {
    assert_eq!(user_data, USER_DATA);
    check_result(result);
    ANSWER.fetch_add(1, Relaxed) % 3
}

extern "C" fn on_claim(
    key: *const c_char,
    digest: *const c_char,
    intent_json: *const c_char,
    trigger_id: *mut c_char,
    size: usize,
    user_data: *mut c_void,
) -> i32 {
    assert_eq!((size, user_data), (1025, USER_DATA));
    [key, digest, intent_json].into_iter().for_each(check_text);
    let answer = ANSWER.fetch_add(1, Relaxed) % 8;
    let byte = if answer == 2 { b'i' } else { 0xFF };
    unsafe { trigger_id.write_bytes(byte, answer as usize) };
    answer
}

extern "C" fn on_complete(
    key: *const c_char,
    outcome: i32,
    trigger_id: *const c_char,
    user_data: *mut c_void,
) -> i32 {
    assert!((1..=4).contains(&outcome) && user_data == USER_DATA);
    [key, trigger_id].into_iter().for_each(check_text);
    ANSWER.fetch_add(1, Relaxed) % 2
}

/// Checks what every result has.
fn check_result(result: *const c_void) {
    let result = result.cast_mut();
    unsafe {
        assert!(!CStr::from_ptr(luma_status_name(luma_result_status(result))).is_empty());
        assert!(!CStr::from_ptr(luma_outcome_name(luma_result_outcome(result))).is_empty());
        assert!(!CStr::from_ptr(luma_result_message(result)).is_empty());
        check_log(luma_result_message(result));
        check_text(luma_result_json(result));
        for index in 0..luma_result_error_count(result) {
            check_log(luma_result_error(result, index));
        }
    }
}

/// The gateway: a usual body for each path, or what the input says.
struct Gateway(Arc<Mutex<Vec<u8>>>);

impl Peer for Gateway {
    fn act(&mut self, received: &[u8]) -> Action {
        let text = String::from_utf8_lossy(received);
        let Some(path) = text.split(' ').nth(1) else { return Action::default() };
        let body = match path {
            _ if path.ends_with("/trigger") => {
                r#"{"status":"Success","resultData":{"executionConfig":{"triggerId":"t-1"}}}"#
            }
            _ if path.contains("stephistory") => {
                r#"{"status":"Success","resultData":[{"stepHistoryId":"1","name":"n","status":"FAILED","startTime":1}]}"#
            }
            _ if path.contains("workflowhistory") => {
                r#"{"status":"Success","resultData":{"triggerId":"t-1","status":"RUNNING","startTime":1,"inputParameters":"{\"a\":[1]}"}}"#
            }
            _ if path.contains("workflowdefinition") => {
                r#"{"status":"Success","resultData":[{"identifier":"i","name":"n","inputParameters":[{"name":"a","required":true}]}]}"#
            }
            _ if path.contains("launchincontexturl") => {
                r#"{"status":"Success","resultData":{"url":"https://a.example/s3cr3t"}}"#
            }
            _ => r#"{"status":"Success","resultData":{"accessToken":"s3cr3t-new"}}"#,
        };
        let mut script = self.0.lock().unwrap();
        let mut next = || if script.is_empty() { 0 } else { script.remove(0) };
        let kind = next();
        let (status, body) = match kind % 8 {
            0..4 => (200, body.as_bytes().to_vec()),
            4 => (STATUSES[usize::from(next()) % STATUSES.len()], body.as_bytes().to_vec()),
            5 => (200, body.replace("RUNNING", "COMPLETED").into_bytes()),
            _ => {
                let (at, value) = (usize::from(next()), next());
                let mut body = body.as_bytes().to_vec();
                let length = body.len();
                body[at % length] = value;
                (STATUSES[usize::from(next()) % STATUSES.len()], body)
            }
        };
        let mut bytes = reference::framed(status, kind & 8 != 0, kind & 16 != 0, &body).bytes;
        if kind & 224 == 224 {
            bytes.truncate(usize::from(next()));
        }
        let end = match kind & 96 {
            32 => End::Close,
            64 => End::Reset,
            _ => End::Wait,
        };
        Action { bytes, end }
    }
}

/// A folder with a configuration file, a token file and certificates.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("luma-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let json = format!(
        r#"{{"base_url":"http://127.0.0.1:{}","token_file":"{}/token"}}"#,
        wire::port(),
        folder.display()
    );
    let files = [
        ("file", json.as_bytes()),
        ("token", TOKEN),
        ("ca", include_bytes!("../../tests/fixtures/tls/ca.pem")),
        ("key", include_bytes!("../../tests/fixtures/tls/client-ec.sec1.key")),
        ("chain", include_bytes!("../../tests/fixtures/tls/client-ec.pem")),
    ];
    for (name, content) in files {
        let path = folder.join(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o600)).unwrap();
    }
    folder
});

/// The hash of each function's name, and its number. An input names the next hash, so that it means
/// nearly the same after a function was added.
static FUNCTIONS: LazyLock<Vec<(u16, usize)>> = LazyLock::new(|| {
    let hash = |name: &str| {
        let bytes = name.bytes();
        let hash = bytes
            .fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        (hash ^ hash >> 16) as u16
    };
    let mut functions: Vec<_> =
        NAMES.iter().enumerate().map(|(number, name)| (hash(name), number)).collect();
    functions.sort_unstable();
    functions
});

/// The handles that exist, and where arguments come from.
struct Pool<'a> {
    data: Unstructured<'a>,
    handles: HashMap<&'static str, Vec<*mut c_void>>,
    /// The texts of the current call.
    texts: Vec<CString>,
    function: &'static str,
}

impl Pool<'_> {
    fn byte(&mut self) -> u8 {
        self.data.arbitrary().unwrap_or_default()
    }

    /// Returns the number of a function.
    fn function(&mut self) -> usize {
        let hash = u16::from_be_bytes([self.byte(), self.byte()]);
        let found = FUNCTIONS.partition_point(|(other, _)| *other < hash) % FUNCTIONS.len();
        FUNCTIONS[found].1
    }

    fn begin(&mut self, function: &'static str) {
        self.function = function;
    }

    fn text(&mut self, name: &str) -> *const c_char {
        let kind = self.byte();
        let is_path = ["path", "folder", "chain_path", "key_path"].contains(&name);
        let text = match kind % 8 {
            0 => return ptr::null(),
            1 => CString::default(),
            2 => c"\xC3\x28".to_owned(),
            // Only these files are opened.
            _ if is_path => {
                let files = ["file", "token", "ca", "key", "chain", "journal", "log", "missing/x"];
                let file = files[usize::from(kind / 8) % files.len()];
                CString::new(FOLDER.join(file).into_os_string().into_encoded_bytes()).unwrap()
            }
            3 => {
                let length = self.data.int_in_range(0..=40).unwrap_or_default();
                let bytes = self.data.bytes(length).unwrap_or_default();
                CString::new(bytes.split(|byte| *byte == 0).next().unwrap()).unwrap()
            }
            4 if kind > 128 => CString::new(vec![kind; 1 << (kind % 17)]).unwrap(),
            _ => CString::new(usual(name, kind / 8)).unwrap(),
        };
        self.texts.push(text);
        self.texts.last().unwrap().as_ptr()
    }

    fn int64(&mut self, name: &str) -> i64 {
        let kind = usize::from(self.byte());
        // Not longer: the wait would not end. 0 is for ever.
        if name.ends_with("timeout_ms") {
            return [1, 5, 20, -1, i64::MIN][kind % 5];
        }
        let small = i64::from(kind as i8);
        [small, small, -2, -4, i64::MIN, i64::MAX, i64::from(i32::MAX), 1 << 20][kind % 8]
    }

    fn int32(&mut self) -> i32 {
        let kind = self.byte();
        let small = i32::from(kind % 10);
        [small, small, small, i32::MIN, i32::MAX, -i32::from(kind)][usize::from(kind) % 6]
    }

    fn size(&mut self) -> usize {
        let kind = self.byte();
        if kind < 200 { usize::from(kind % 4) } else { usize::MAX >> (kind % 64) }
    }

    fn double(&mut self) -> f64 {
        self.data.arbitrary().unwrap_or_default()
    }

    fn callback<T>(&mut self, callback: T) -> Option<T> {
        (self.byte() % 8 > 0).then_some(callback)
    }

    fn out<T>(&mut self, variable: &mut T) -> *mut T {
        if self.byte() % 16 == 0 { ptr::null_mut() } else { variable }
    }

    fn handle(&mut self, kind: &'static str) -> *mut c_void {
        let number = usize::from(self.byte());
        let handles = self.handles.entry(kind).or_default();
        match number % 16 {
            0 => ptr::null_mut(),
            _ if handles.is_empty() => ptr::null_mut(),
            _ => handles[number % handles.len()],
        }
    }

    fn take(&mut self, kind: &'static str) -> *mut c_void {
        let handle = self.handle(kind);
        self.handles.entry(kind).or_default().retain(|other| *other != handle);
        handle
    }

    fn keep(&mut self, kind: &'static str, handle: *mut c_void) {
        assert_ne!(handle, DIRTY, "{}", self.function);
        if handle.is_null() {
            return;
        }
        let mut handle = handle;
        match kind {
            "result" => check_result(handle),
            "client" => {
                // Calls of a client have a timeout of 30 s otherwise, and retries.
                let mut short = ptr::null_mut();
                unsafe {
                    assert_eq!(luma_client_with_timeout_ms(handle, TIMEOUT_MS, &mut short), 0);
                    luma_client_free(handle);
                }
                handle = short;
            }
            _ => {}
        }
        self.handles.entry(kind).or_default().push(handle);
    }

    fn check_number(&mut self, _: i64) {}

    fn check_text(&mut self, text: *const c_char) {
        assert_ne!(text, DIRTY.cast(), "{}", self.function);
        check_text(text);
    }

    fn check_user_data(&mut self, user_data: *mut c_void) {
        assert!(user_data.is_null() || user_data == USER_DATA, "{}", self.function);
    }

    fn free(&mut self) {
        for (kind, handles) in self.handles.drain() {
            for handle in handles {
                unsafe {
                    match kind {
                        "client" => luma_client_free(handle),
                        "config" => luma_config_free(handle),
                        "journal" => luma_journal_free(handle),
                        "result" => luma_result_free(handle),
                        "trigger_request" => luma_trigger_request_free(handle),
                        "wait" => luma_wait_free(handle),
                        "wait_set" => luma_wait_set_free(handle),
                        _ => panic!("{kind}"),
                    }
                }
            }
        }
    }
}

/// A text that suits the name of an argument.
fn usual(name: &str, number: u8) -> String {
    let one = |texts: &[&str]| texts[usize::from(number) % texts.len()].to_owned();
    match name {
        "base_url" => match number % 4 {
            0 => format!("https://127.0.0.1:{}/prefix", wire::port()),
            1 => "http://127.0.0.1:1".into(),
            _ => format!("http://127.0.0.1:{}", wire::port()),
        },
        "url" => match number % 4 {
            0 => "direct".into(),
            1 => format!("socks5h://u:s3cr3t@127.0.0.1:{}", wire::port()),
            _ => format!("http://127.0.0.1:{}", wire::port()),
        },
        "access_token" | "super_admin_token" => String::from_utf8(TOKEN.to_vec()).unwrap(),
        "pem" => include_str!("../../tests/fixtures/tls/ca.pem").into(),
        "chain_pem" => include_str!("../../tests/fixtures/tls/client-ec.pem").into(),
        "key_pem" => include_str!("../../tests/fixtures/tls/client-ec.sec1.key").into(),
        "json_pointer" => one(&["", "/status", "/resultData", "/resultData/0/name", "/a~1b", "~"]),
        "json" => one(&["{\"a\":[1]}", "1e400", "\"\\ud800\"", "null"]),
        "json_object" => one(&["{}", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":[]}}"]),
        "request_json" => one(&["{\"workflowIdentifier\":\"w\",\"variables\":{}}", "{}", "[]"]),
        "filter" => one(&["", "status==FAILED"]),
        "order_by" => one(&["", "startTime asc"]),
        "trigger_id" => one(&["t-1", "t-2", "a/b"]),
        "step_id" => one(&["1", ".."]),
        _ => one(&["a", "b", "ticketIdentifier", "lumaChannelAccountId", "\u{e4}"]),
    }
}

/// Aborts on any panic: a panic of the library must not pass for a status, and one of this file
/// must be reported. The library silences panics when it is first called, so this makes a call
/// first.
fn abort_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        unsafe { luma_client_free(ptr::null_mut()) };
        std::panic::set_hook(Box::new(|panic| {
            eprintln!("{panic}");
            std::process::abort();
        }));
    });
}

fuzz_target!(|data: &[u8]| {
    abort_on_panic();
    // The last bytes say how the server responds.
    let (data, script) = data.split_at(data.len() - data.len() / 8);
    let script = Arc::new(Mutex::new(script.to_vec()));
    wire::serve(move || Gateway(script.clone()));
    ANSWER.store(i32::from(data.first().copied().unwrap_or_default() % 4), Relaxed);
    let mut pool = Pool {
        data: Unstructured::new(data),
        handles: HashMap::new(),
        texts: Vec::new(),
        function: "",
    };
    let url = CString::new(format!("http://127.0.0.1:{}", wire::port())).unwrap();
    let (token, mut client) = (CString::new(TOKEN).unwrap(), ptr::null_mut());
    assert_eq!(unsafe { luma_client_new(url.as_ptr(), token.as_ptr(), &mut client) }, 0);
    pool.keep("client", client);
    for _ in 0..MAX_CALLS {
        if pool.data.is_empty() {
            break;
        }
        let number = pool.function();
        call(number, &mut pool);
        pool.texts.clear();
    }
    pool.free();
    let _ = std::fs::remove_dir_all(FOLDER.join("journal"));
    let _ = std::fs::remove_file(FOLDER.join("log"));
    wire::close();
});
