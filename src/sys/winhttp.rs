//! WinHTTP, which finds the proxy for a URL: by detection (WPAD), or with a script (PAC).

use std::ffi::{CStr, c_void};
use std::mem;
use std::ptr;

/// ERROR_WINHTTP_LOGIN_FAILURE: the server of the script requires a login.
const LOGIN_FAILURE: u32 = 12015;
/// ERROR_INVALID_PARAMETER.
const INVALID_PARAMETER: u32 = 87;
/// ERROR_WINHTTP_INTERNAL_ERROR, for a failure without an error number.
const NO_NUMBER: u32 = 12004;

/// Returns the proxies for a URL, as WinHTTP writes them: `host:port;...`. `None` means a direct
/// connection. Without the URL of a script, WinHTTP searches the network for one (WPAD).
///
/// Blocks, perhaps forever. Loads `winhttp.dll` when first called and never unloads it. It is not
/// imported, because an import would load it into every process that uses this library.
///
/// # Errors
///
/// The number of the system's error.
pub(crate) fn proxy_for_url(url: &str, script: Option<&str>) -> Result<Option<String>, u32> {
    let url = wide(url).ok_or(INVALID_PARAMETER)?;
    let script = match script {
        Some(script) => Some(wide(script).ok_or(INVALID_PARAMETER)?),
        None => None,
    };
    let functions = Functions::load()?;
    // SAFETY: the pointers may be null.
    let session = unsafe { (functions.open)(ptr::null(), NO_PROXY, ptr::null(), ptr::null(), 0) };
    if session.is_null() {
        return Err(last_error());
    }
    // Bounds only the wait for the service that evaluates scripts, by the sum of these. Evaluation
    // in this process has no timeout.
    // SAFETY: the session is open.
    unsafe { (functions.set_timeouts)(session, 10_000, 10_000, 5_000, 5_000) };
    let result = functions.proxy_for_url(session, &url, script.as_deref());
    // SAFETY: the handle is open, and nobody else uses it.
    unsafe { (functions.close)(session) };
    result
}

/// Converts text to UTF-16 with a NUL at its end. `None` if it contains one.
fn wide(text: &str) -> Option<Vec<u16>> {
    (!text.contains('\0')).then(|| text.encode_utf16().chain([0]).collect())
}

/// Returns the number of the latest error, never 0.
fn last_error() -> u32 {
    // SAFETY: it has no preconditions.
    match unsafe { GetLastError() } {
        0 => NO_NUMBER,
        error => error,
    }
}

struct Functions {
    open: Open,
    close: Close,
    set_timeouts: SetTimeouts,
    get_proxy: GetProxy,
}

impl Functions {
    fn load() -> Result<Self, u32> {
        // From the system's folder only: a program's folder may have been written to by others.
        let mut path = [0; 300];
        let name = wide("\\winhttp.dll").unwrap_or_default();
        // SAFETY: `path` is valid for writing, and has room for this many characters.
        let length = unsafe { GetSystemDirectoryW(path.as_mut_ptr(), path.len() as u32) } as usize;
        let end = length + name.len();
        if length == 0 {
            return Err(last_error());
        }
        if end > path.len() {
            return Err(NO_NUMBER);
        }
        path[length..end].copy_from_slice(&name);
        // SAFETY: the path ends with NUL.
        let module = unsafe { LoadLibraryExW(path.as_ptr(), 0, WITH_ITS_FOLDER) };
        if module == 0 {
            return Err(last_error());
        }
        let function = |name: &CStr| {
            // SAFETY: the module is loaded and stays so; the name ends with NUL.
            let address = unsafe { GetProcAddress(module, name.as_ptr()) };
            if address.is_null() { Err(last_error()) } else { Ok(address) }
        };
        // SAFETY: these are the functions of that name, and their documented signatures.
        unsafe {
            Ok(Functions {
                open: mem::transmute::<*const c_void, Open>(function(c"WinHttpOpen")?),
                close: mem::transmute::<*const c_void, Close>(function(c"WinHttpCloseHandle")?),
                set_timeouts: mem::transmute::<*const c_void, SetTimeouts>(function(
                    c"WinHttpSetTimeouts",
                )?),
                get_proxy: mem::transmute::<*const c_void, GetProxy>(function(
                    c"WinHttpGetProxyForUrl",
                )?),
            })
        }
    }

    fn proxy_for_url(
        &self,
        session: Handle,
        url: &[u16],
        script: Option<&[u16]>,
    ) -> Result<Option<String>, u32> {
        let mut options = AutoProxyOptions {
            flags: if script.is_some() { CONFIG_URL } else { AUTO_DETECT },
            detect_flags: if script.is_some() { 0 } else { DHCP | DNS },
            script: script.map_or(ptr::null(), <[u16]>::as_ptr),
            reserved_pointer: ptr::null_mut(),
            reserved: 0,
            logs_on: 0,
        };
        loop {
            let mut info =
                ProxyInfo { access: 0, servers: ptr::null_mut(), bypass: ptr::null_mut() };
            // SAFETY: the session is open, the texts end with NUL, and the structures are those of
            // the documentation.
            let found =
                unsafe { (self.get_proxy)(session, url.as_ptr(), &raw mut options, &raw mut info) };
            if found != 0 {
                let servers = take(info.servers);
                drop(take(info.bypass));
                // An empty list is not a direct connection.
                return Ok((info.access == NAMED_PROXY).then(|| servers.unwrap_or_default()));
            }
            match last_error() {
                // Logging on at once would bypass the system's cache (documented so). Never to a
                // server that only the network named: it could pass the login on to another server.
                LOGIN_FAILURE if script.is_some() && options.logs_on == 0 => options.logs_on = 1,
                error => return Err(error),
            }
        }
    }
}

/// Converts a text that WinHTTP allocated, and frees it. `None` for a null pointer.
fn take(text: *mut u16) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: a text of WinHTTP ends with NUL, and belongs to the caller.
    unsafe {
        let mut length = 0;
        while *text.add(length) != 0 {
            length += 1;
        }
        let converted = String::from_utf16_lossy(std::slice::from_raw_parts(text, length));
        GlobalFree(text.cast());
        Some(converted)
    }
}

type Handle = *mut c_void;
type Open = unsafe extern "system" fn(*const u16, u32, *const u16, *const u16, u32) -> Handle;
type Close = unsafe extern "system" fn(Handle) -> i32;
type SetTimeouts = unsafe extern "system" fn(Handle, i32, i32, i32, i32) -> i32;
type GetProxy =
    unsafe extern "system" fn(Handle, *const u16, *mut AutoProxyOptions, *mut ProxyInfo) -> i32;

/// WINHTTP_ACCESS_TYPE_NO_PROXY and _NAMED_PROXY.
const NO_PROXY: u32 = 1;
const NAMED_PROXY: u32 = 3;
/// WINHTTP_AUTOPROXY_AUTO_DETECT and _CONFIG_URL.
const AUTO_DETECT: u32 = 1;
const CONFIG_URL: u32 = 2;
/// WINHTTP_AUTO_DETECT_TYPE_DHCP and _DNS_A.
const DHCP: u32 = 1;
const DNS: u32 = 2;
/// LOAD_WITH_ALTERED_SEARCH_PATH: its own imports are searched in its folder first.
const WITH_ITS_FOLDER: u32 = 8;

/// WINHTTP_AUTOPROXY_OPTIONS.
#[repr(C)]
struct AutoProxyOptions {
    flags: u32,
    detect_flags: u32,
    script: *const u16,
    reserved_pointer: *mut c_void,
    reserved: u32,
    logs_on: i32,
}

/// WINHTTP_PROXY_INFO.
#[repr(C)]
struct ProxyInfo {
    access: u32,
    servers: *mut u16,
    bypass: *mut u16,
}

#[link(name = "kernel32")]
unsafe extern "system" {
    fn GetLastError() -> u32;
    fn GetSystemDirectoryW(buffer: *mut u16, size: u32) -> u32;
    fn LoadLibraryExW(path: *const u16, file: isize, flags: u32) -> isize;
    fn GetProcAddress(module: isize, name: *const std::ffi::c_char) -> *const c_void;
    fn GlobalFree(memory: *mut c_void) -> *mut c_void;
}
