//! Trigger workflow (`POST /gateway/api/v1/workflow/trigger`): the request.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Serialize, Serializer, ser};
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind};
use crate::json::{self, Json, JsonType};
use crate::limits::{MAX_BYTES, MAX_TEXT_BYTES, control_problem, has_byte_order_mark};
use crate::memory::{self, Collector, OutOfMemory};
use crate::panic_points;
use crate::redact::{self, CallTexts, Mask};
use crate::wiped::{self, WipedText};

/// The ids of the applications that a workflow can be triggered for, as the vendor documents them.
/// A tenant may have registered more.
///
/// Since 0.1.0.
pub mod application {
    /// Luma/VSA; requires `initiationInfo.lumaChannelAccountId`.
    pub const LUMA: i32 = -2;
    /// ISM (Intelligent Service Management); requires `initiationInfo.ticketIdentifier`.
    pub const ISM: i32 = -4;
    /// ChangeGear.
    pub const CHANGEGEAR: i32 = -7;
    /// POB.
    pub const POB: i32 = -8;
}

const APPLICATIONS: [i32; 4] =
    [application::LUMA, application::ISM, application::CHANGEGEAR, application::POB];

const CHANNEL_ACCOUNT_ID: &str = "lumaChannelAccountId";
const TICKET_IDENTIFIER: &str = "ticketIdentifier";

/// The limit for the description of a request.
const MAX_DESCRIPTION_CHARS: usize = 512;
/// The limit for the name of a variable in a message.
const MAX_NAME_CHARS: usize = 64;

/// Requests and values below this are encoded in memory that grows.
const LARGE_BYTES: usize = 64 * 1024;
/// The memory that a variable takes in a map, apart from its texts.
const MEMBER_BYTES: usize = 256;

/// The limit for the values of all secret variables. Masking them takes up to `MASK_BYTES` times as
/// much memory.
const MAX_SECRET_BYTES: usize = 64 * 1024;

/// A workflow to trigger, with its variables and its initiator.
///
/// A request that the gateway would certainly reject is refused before anything is sent, with an
/// error that names the field: single values when they are set, combinations when the request is
/// sent.
///
/// It serializes to the JSON of the request, without these checks. `Debug` does not show the
/// variables and the initiation info, which may contain passwords.
///
/// Since 0.1.0.
#[derive(Clone)]
pub struct TriggerRequest {
    workflow_identifier: String,
    /// Each value as JSON text.
    variables: BTreeMap<String, String>,
    /// Variables that are secret, and in no message. No name is in both maps.
    secret_variables: BTreeMap<String, WipedText>,
    initiator_contact_id: Option<i64>,
    initiator_application_id: Option<i32>,
    initiation_info: BTreeMap<String, String>,
    /// The length of all texts that were ever set: a cheap sign that the request may be large.
    bytes_set: usize,
    /// Variables that do not distinguish one request from another.
    excluded_from_digest: BTreeSet<String>,
}

impl TriggerRequest {
    /// Creates a request without an initiator; [`set_initiator`](Self::set_initiator) adds one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WorkflowIdentifier`] if the identifier is empty, longer than 1024 bytes or
    /// contains a control character.
    pub fn new(workflow_identifier: impl AsRef<str>) -> Result<Self, Error> {
        let workflow_identifier = workflow_identifier.as_ref();
        check_identifier(workflow_identifier)?;
        Ok(TriggerRequest {
            workflow_identifier: workflow_identifier.to_owned(),
            variables: BTreeMap::new(),
            secret_variables: BTreeMap::new(),
            initiator_contact_id: None,
            initiator_application_id: None,
            initiation_info: BTreeMap::new(),
            bytes_set: 0,
            excluded_from_digest: BTreeSet::new(),
        })
    }

    /// Creates a request on behalf of a contact in Luma/VSA (application -2).
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and [`ErrorKind::LumaChannelAccountId`] if that id is empty.
    pub fn for_luma(
        workflow_identifier: impl AsRef<str>,
        contact_id: i64,
        channel_account_id: impl AsRef<str>,
    ) -> Result<Self, Error> {
        let account = (CHANNEL_ACCOUNT_ID, channel_account_id.as_ref());
        Self::for_application(workflow_identifier, contact_id, application::LUMA, account)
    }

    /// Creates a request on behalf of a contact in ISM (application -4), for one of its tickets.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and [`ErrorKind::TicketIdentifier`] if that identifier is empty.
    pub fn for_ism(
        workflow_identifier: impl AsRef<str>,
        contact_id: i64,
        ticket_identifier: impl AsRef<str>,
    ) -> Result<Self, Error> {
        let ticket = (TICKET_IDENTIFIER, ticket_identifier.as_ref());
        Self::for_application(workflow_identifier, contact_id, application::ISM, ticket)
    }

    fn for_application(
        workflow_identifier: impl AsRef<str>,
        contact_id: i64,
        application_id: i32,
        (required_key, value): (&str, &str),
    ) -> Result<Self, Error> {
        let mut request = Self::new(workflow_identifier)?;
        request.set_initiator(contact_id, application_id);
        request.set_initiation_info(required_key, value)?;
        request.check_initiator()?;
        Ok(request)
    }

    /// Sets a variable to a value that is serialized as JSON: a `&str` becomes a string, an integer
    /// or a `bool` itself. Replaces an earlier value.
    ///
    /// Like serde_json, it writes a NaN and an infinity as `null`;
    /// [`set_variable_f64`](Self::set_variable_f64) refuses them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::VariableName`] if the name is empty, [`ErrorKind::Json`] if the value cannot be
    /// written as JSON, such as a map whose keys are tuples. The request stays unchanged.
    pub fn set_variable(
        &mut self,
        name: impl AsRef<str>,
        value: impl Serialize,
    ) -> Result<&mut Self, Error> {
        let name = name.as_ref();
        let json = serde_json::to_string(&value)
            .map_err(|error| not_json(&quoted("variable", name), &error))?;
        self.insert_variable(name, json)
    }

    /// Sets a variable to a string of any length.
    pub(crate) fn set_text(&mut self, name: &str, value: &str) -> Result<(), Error> {
        // The collector would cost a usual trigger 500 instructions, 1 %.
        if value.len() < LARGE_BYTES / 6 {
            return self.set_variable(name, value).map(drop);
        }
        let mut json = Collector::with_capacity(value.len() + 2);
        // Writing a string to memory cannot fail.
        let _ = serde_json::to_writer(&mut json, value);
        // serde_json writes UTF-8 only.
        let json = String::from_utf8(json.finish()?).unwrap_or_default();
        self.insert_variable(name, json).map(drop)
    }

    /// Sets a variable to a floating-point number, in the shortest decimal form that reads back as
    /// the same number, such as `0.1` or `3.0`. Replaces an earlier value.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::VariableName`] if the name is empty, [`ErrorKind::Json`] if the value is NaN or
    /// infinite, which JSON cannot express. The request stays unchanged.
    pub fn set_variable_f64(
        &mut self,
        name: impl AsRef<str>,
        value: f64,
    ) -> Result<&mut Self, Error> {
        let name = name.as_ref();
        if !value.is_finite() {
            let message = [
                &*quoted("variable", name),
                if value.is_nan() { " is NaN" } else { " is infinite" },
                ", which JSON cannot express; send a string, or omit the variable",
            ]
            .concat();
            return Err(Error::local(ErrorKind::Json, message));
        }
        self.set_variable(name, value)
    }

    /// Inserts a variable whose value is JSON text.
    pub(crate) fn insert_variable(&mut self, name: &str, json: String) -> Result<&mut Self, Error> {
        if name.is_empty() {
            return Err(empty_variable_name());
        }
        self.bytes_set = self.bytes_set.saturating_add(name.len() + json.len());
        self.variables.insert(memory::copy(name)?, json);
        self.secret_variables.remove(name);
        Ok(self)
    }

    /// Sets a variable to a string that is secret, such as a password. Replaces an earlier value.
    ///
    /// Its value is wiped from memory when the request is dropped, and after it was sent. It is
    /// masked in messages, errors, responses and the log of the call that sends it, however the
    /// gateway writes it: 16 characters of it are enough. A shorter value is masked as a whole; one
    /// of 4 to 7 characters only where no letter, digit, hyphen or underscore is next to it, and a
    /// shorter one only where a string of the response equals it. Other calls, such as
    /// [`get_workflow_history`](crate::Client::get_workflow_history), do not know it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::VariableName`] if the name is empty, [`ErrorKind::RequestTooLarge`] if the
    /// values of all secret variables together are longer than 64 KiB. The request stays unchanged.
    pub fn set_secret_variable(
        &mut self,
        name: impl AsRef<str>,
        value: impl AsRef<str>,
    ) -> Result<&mut Self, Error> {
        let (name, value) = (name.as_ref(), value.as_ref());
        if name.is_empty() {
            return Err(empty_variable_name());
        }
        let others = self.secret_variables.iter().filter(|(other, _)| *other != name);
        let bytes = value.len() + others.map(|(_, value)| value.len()).sum::<usize>();
        if bytes > MAX_SECRET_BYTES {
            let message =
                format!("the secret variables have {bytes} bytes; the limit is {MAX_SECRET_BYTES}");
            return Err(Error::local(ErrorKind::RequestTooLarge, message));
        }
        self.bytes_set = self.bytes_set.saturating_add(name.len() + value.len());
        self.secret_variables.insert(memory::copy(name)?, value.to_owned().into());
        self.variables.remove(name);
        Ok(self)
    }

    /// Sets a variable to a value that is given as JSON text. Replaces an earlier value.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] if `json` is not one JSON value, nested at most 128 levels deep, and
    /// [`ErrorKind::VariableName`] if the name is empty. The request stays unchanged.
    pub fn set_variable_json(
        &mut self,
        name: impl AsRef<str>,
        json: &str,
    ) -> Result<&mut Self, Error> {
        let name = name.as_ref();
        let value = parse_json("json", json).map_err(|error| {
            let is_word = |c: char| c.is_alphanumeric() || c == '\'';
            let hint = match json.trim_start().starts_with(is_word) {
                true => "; a string needs its double quotes",
                false => "",
            };
            let message = format!("{}: {error}{hint}", quoted("variable", name));
            Error::local(ErrorKind::Json, message)
        })?;
        memory::check(value.get().len())?;
        self.set_variable(name, value)
    }

    /// Replaces all variables with the members of a JSON object.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] if `json_object` is not JSON, [`ErrorKind::Variables`] if it is not an
    /// object, [`ErrorKind::VariableName`] if a name is empty. The request stays unchanged.
    pub fn set_variables_json(&mut self, json_object: &str) -> Result<&mut Self, Error> {
        let json = parse_json("json_object", json_object)?;
        let count = Json::from(json).count().unwrap_or_default();
        memory::check(4 * json_object.len() + count.saturating_mul(MEMBER_BYTES))?;
        let variables: BTreeMap<String, &RawValue> =
            serde_json::from_str(json.get()).map_err(|_| variables_not_an_object())?;
        if variables.contains_key("") {
            return Err(empty_variable_name());
        }
        self.bytes_set = self.bytes_set.saturating_add(json_object.len());
        self.variables.clear();
        for (name, json) in variables {
            self.variables.insert(name, json.get().to_owned());
        }
        self.secret_variables.clear();
        Ok(self)
    }

    /// Sets the contact on whose behalf the workflow runs, and the application that knows this
    /// contact: one of [`application`], or any other number, which is passed through.
    ///
    /// If `contact_id` is one of [`application`] and `application_id` is not, the caller has
    /// swapped them: the call that sends the request fails with
    /// [`ErrorKind::InitiatorApplication`].
    pub fn set_initiator(&mut self, contact_id: i64, application_id: i32) -> &mut Self {
        self.initiator_contact_id = Some(contact_id);
        self.initiator_application_id = Some(application_id);
        self
    }

    /// Sets a member of `initiationInfo`, such as `ticketIdentifier`. Replaces an earlier value.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InitiationInfo`] if the key is empty, or if key and value are swapped.
    pub fn set_initiation_info(
        &mut self,
        key: impl AsRef<str>,
        value: impl AsRef<str>,
    ) -> Result<&mut Self, Error> {
        let key = key.as_ref();
        if key.is_empty() {
            return Err(empty_info_key());
        }
        let is_known = |text: &str| [CHANNEL_ACCOUNT_ID, TICKET_IDENTIFIER].contains(&text);
        if is_known(value.as_ref()) && !is_known(key) {
            let message = "key and value of the initiation info are swapped";
            return Err(Error::local(ErrorKind::InitiationInfo, message));
        }
        self.bytes_set = self.bytes_set.saturating_add(key.len() + value.as_ref().len());
        self.initiation_info.insert(memory::copy(key)?, memory::copy(value.as_ref())?);
        Ok(self)
    }

    /// Leaves a variable out when [`trigger_workflow_once`](crate::Client::trigger_workflow_once)
    /// compares this request with an earlier one. Use it for a variable that differs each time,
    /// such as a time or a new password. The variable is still sent, whether it is set before or
    /// after this call.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::VariableName`] if the name is empty.
    pub fn exclude_from_digest(&mut self, name: impl AsRef<str>) -> Result<&mut Self, Error> {
        let name = name.as_ref();
        if name.is_empty() {
            return Err(empty_variable_name());
        }
        self.excluded_from_digest.insert(memory::copy(name)?);
        Ok(self)
    }

    /// Calls `part` with each part of what distinguishes this request from another, independent of
    /// the order in which it was set. A string is compared by its characters, any other value by
    /// its JSON without whitespace.
    pub(crate) fn visit_parts(&self, part: &mut dyn FnMut(&[u8])) {
        part(self.workflow_identifier.as_bytes());
        part(&self.initiator_contact_id.map_or(Vec::new(), |id| id.to_le_bytes().into()));
        part(&self.initiator_application_id.map_or(Vec::new(), |id| id.to_le_bytes().into()));
        part(&(self.initiation_info.len() as u64).to_le_bytes());
        for (key, value) in &self.initiation_info {
            part(key.as_bytes());
            part(value.as_bytes());
        }
        let names = self.variables.keys().chain(self.secret_variables.keys());
        // Not `collect`, which would add a sort of 6 KB to the library.
        let mut sorted = BTreeSet::new();
        sorted.extend(names.filter(|name| !self.excluded_from_digest.contains(*name)));
        for name in sorted {
            part(name.as_bytes());
            let json = self.variables.get(name).map(|json| Json::new(json));
            let text = match (self.secret_variables.get(name), json) {
                (Some(secret), _) => Some(Cow::from(&**secret)),
                (None, json) => json.and_then(Json::as_text),
            };
            match (text, json) {
                (Some(text), _) => {
                    part(b"string");
                    part(text.as_bytes());
                }
                (None, json) => {
                    part(b"JSON");
                    part(json::without_whitespace(json.map_or("", Json::raw)).as_bytes());
                }
            }
        }
    }

    /// Returns the initiator: contact, application, ticket and channel.
    pub(crate) fn initiator(&self) -> (Option<i64>, Option<i32>, Option<&str>, Option<&str>) {
        let info = |key| self.initiation_info.get(key).map(String::as_str);
        let (ticket, channel) = (info(TICKET_IDENTIFIER), info(CHANNEL_ACCOUNT_ID));
        (self.initiator_contact_id, self.initiator_application_id, ticket, channel)
    }

    pub(crate) fn workflow_identifier(&self) -> &str {
        &self.workflow_identifier
    }

    /// Encodes the request body.
    pub(crate) fn encode(&self) -> Result<EncodedRequest, Error> {
        panic_points::pass("a request is encoded");
        self.check_initiator()?;
        let body = self.to_json()?;
        check_size(body.len())?;
        Ok(body)
    }

    /// Returns the values of the secret variables.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        self.secret_variables.values().map(|value| &**value).collect()
    }

    fn to_json(&self) -> Result<EncodedRequest, OutOfMemory> {
        // Written by hand: a derived `Serialize` needs `Box<RawValue>` values, which cost 2,800
        // instructions more, 8 % of a trigger.
        let has_secret = !self.secret_variables.is_empty();
        let is_large = self.bytes_set >= LARGE_BYTES / 6;
        let most = if has_secret || is_large { self.max_json_bytes() } else { 0 };
        memory::check(most)?;
        let capacity = 512 + most;
        let mut encoded = EncodedRequest { json: Vec::with_capacity(capacity), has_secret };
        let json = &mut encoded.json;
        json.extend_from_slice(b"{\"workflowIdentifier\":");
        write_text(json, &self.workflow_identifier);
        json.extend_from_slice(b",\"variables\":{");
        for (index, (name, value)) in self.variables.iter().enumerate() {
            write_name(json, index, name);
            json.extend_from_slice(value.as_bytes());
        }
        for (index, (name, value)) in self.secret_variables.iter().enumerate() {
            write_name(json, self.variables.len() + index, name);
            write_text(json, value);
        }
        json.push(b'}');
        if let Some(id) = self.initiator_contact_id {
            json.extend_from_slice(b",\"initiatorContactId\":");
            write(json, &id);
        }
        if let Some(id) = self.initiator_application_id {
            json.extend_from_slice(b",\"initiatorApplicationId\":");
            write(json, &id);
        }
        if !self.initiation_info.is_empty() {
            json.extend_from_slice(b",\"initiationInfo\":{");
            for (index, (name, value)) in self.initiation_info.iter().enumerate() {
                write_name(json, index, name);
                write_text(json, value);
            }
            json.push(b'}');
        }
        json.push(b'}');
        Ok(encoded)
    }

    /// Returns a length that the JSON does not exceed. If it grew, it would leave a copy of a
    /// secret in memory.
    fn max_json_bytes(&self) -> usize {
        let escaped = |text: &str| 6 * text.len() + 4;
        let variables = self.variables.iter().map(|(name, json)| escaped(name) + json.len());
        let secrets =
            self.secret_variables.iter().map(|(name, text)| escaped(name) + escaped(text));
        let info = self.initiation_info.iter().map(|(key, text)| escaped(key) + escaped(text));
        escaped(&self.workflow_identifier) + variables.chain(secrets).chain(info).sum::<usize>()
    }

    fn check_initiator(&self) -> Result<(), Error> {
        check_initiator(self.initiator_contact_id, self.initiator_application_id, |key| {
            self.initiation_info.get(key).is_some_and(|value| !value.trim().is_empty())
        })
    }
}

impl fmt::Debug for TriggerRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TriggerRequest")
            .field("workflow_identifier", &self.workflow_identifier)
            .field("initiator_contact_id", &self.initiator_contact_id)
            .field("initiator_application_id", &self.initiator_application_id)
            .finish_non_exhaustive()
    }
}

impl Serialize for TriggerRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = self.to_json().map_err(|_| ser::Error::custom(memory::MESSAGE))?;
        let json: &RawValue = serde_json::from_slice(&json).map_err(ser::Error::custom)?;
        json.serialize(serializer)
    }
}

/// The body of a request. If it contains a secret, it is wiped.
pub(crate) struct EncodedRequest {
    json: Vec<u8>,
    has_secret: bool,
}

impl Deref for EncodedRequest {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.json
    }
}

impl Drop for EncodedRequest {
    fn drop(&mut self) {
        if self.has_secret {
            wiped::wipe(&mut self.json);
        }
    }
}

/// Appends a number as JSON, which cannot fail.
fn write<T: Serialize>(json: &mut Vec<u8>, value: &T) {
    let _ = serde_json::to_writer(json, value);
}

/// Appends a string as JSON, which cannot fail.
fn write_text(json: &mut Vec<u8>, text: &str) {
    // Most texts need no escape, and serde_json takes twice as long for them.
    if text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        let _ = serde_json::to_writer(json, text);
    } else {
        json.push(b'"');
        json.extend_from_slice(text.as_bytes());
        json.push(b'"');
    }
}

/// Appends the name of a member, after a comma unless it is the first.
fn write_name(json: &mut Vec<u8>, index: usize, name: &str) {
    if index > 0 {
        json.push(b',');
    }
    write_text(json, name);
    json.push(b':');
}

/// Returns the name of a thing for a message.
pub(crate) fn quoted(thing: &str, name: &str) -> String {
    [thing, " \"", &redact::shortened(name, MAX_NAME_CHARS), "\""].concat()
}

/// Checks the initiator's application. A tenant may have registered any number. But if only the
/// contact id is that of a vendor's application, the caller has swapped the two.
pub(crate) fn check_application(contact_id: i64, application_id: i64) -> Result<i32, Error> {
    let is_known = |id: i64| APPLICATIONS.into_iter().any(|known| i64::from(known) == id);
    let message = match i32::try_from(application_id) {
        _ if is_known(contact_id) && !is_known(application_id) => format!(
            "contact {contact_id} and application {application_id} are swapped: {contact_id} is \
             the id of an application"
        ),
        Ok(application_id) => return Ok(application_id),
        Err(_) => format!("the application id must be a 32-bit integer, not {application_id}"),
    };
    Err(Error::local(ErrorKind::InitiatorApplication, message))
}

fn empty_variable_name() -> Error {
    Error::local(ErrorKind::VariableName, "variables must not have an empty name")
}

fn variables_not_an_object() -> Error {
    Error::local(ErrorKind::Variables, "variables must be a JSON object")
}

fn empty_info_key() -> Error {
    Error::local(ErrorKind::InitiationInfo, "initiationInfo must not have an empty key")
}

fn not_json(argument: &str, error: &serde_json::Error) -> Error {
    Error::local(ErrorKind::Json, format!("{argument} is not valid JSON: {error}"))
}

/// Describes a request for a log: workflow, contact, application, and ticket or channel, but no
/// variable. Secrets are masked, wherever they are.
pub(crate) fn describe<'a>(body: &'a [u8], texts: &'a CallTexts<'a>) -> impl fmt::Display + 'a {
    fmt::from_fn(move |f| {
        let Ok(body) = serde_json::from_slice::<&RawValue>(body) else { return Ok(()) };
        let body = Json::from(body);
        let get = |name| body.get(name).filter(|json| json.json_type() != JsonType::Null);
        let identifier = get("workflowIdentifier").map_or("".into(), Json::lossy_text);
        let mut text = format!("triggering \"{identifier}\"");
        for (words, member) in
            [(" for contact ", "initiatorContactId"), (", application ", "initiatorApplicationId")]
        {
            text.extend(get(member).map(|json| [words, &*json.lossy_text()].concat()));
        }
        let info = get("initiationInfo");
        for (words, key) in [(", ticket ", TICKET_IDENTIFIER), (", channel ", CHANNEL_ACCOUNT_ID)] {
            let value = info.and_then(|info| info.get(key));
            text.extend(value.map(|json| [words, &*json.lossy_text()].concat()));
        }
        let text = Mask::for_call(texts).apply(&text);
        f.write_str(&redact::shortened(&text, MAX_DESCRIPTION_CHARS))
    })
}

/// Checks a request that the caller wrote as JSON. It is sent as it is. Returns the workflow
/// identifier.
pub(crate) fn check_json(request: &str) -> Result<Cow<'_, str>, Error> {
    panic_points::pass("JSON of the caller is checked");
    check_size(request.len())?;
    // Names and texts with escapes are decoded in memory that grows.
    memory::check(4 * request.len())?;
    let request = Json::from(parse_json("request_json", request)?);
    if request.json_type() != JsonType::Object {
        return Err(Error::local(ErrorKind::Json, "request_json must be a JSON object"));
    }
    let names = [
        "workflowIdentifier",
        "variables",
        "initiatorContactId",
        "initiatorApplicationId",
        "initiationInfo",
    ];
    let Some(members) = request.unique_members(names) else {
        let message = "request_json must not contain a member twice";
        return Err(Error::local(ErrorKind::Json, message));
    };
    let members = members.map(|member| member.filter(|json| json.json_type() != JsonType::Null));
    let [identifier, variables, contact_id, application_id, info] = members;
    let Some(identifier) = identifier.map_or(Some("".into()), Json::as_text) else {
        let message = "workflowIdentifier must be a string";
        return Err(Error::local(ErrorKind::WorkflowIdentifier, message));
    };
    check_identifier(&identifier)?;
    if let Some(variables) = variables {
        if variables.json_type() != JsonType::Object {
            return Err(variables_not_an_object());
        }
        if has_empty_name(variables) {
            return Err(empty_variable_name());
        }
    }
    let contact_id = integer::<i64>("initiatorContactId", ErrorKind::InitiatorContact, contact_id)?;
    let application_id =
        integer::<i32>("initiatorApplicationId", ErrorKind::InitiatorApplication, application_id)?;
    if let Some(info) = info {
        if info.json_type() != JsonType::Object {
            let message = "initiationInfo must be a JSON object";
            return Err(Error::local(ErrorKind::InitiationInfo, message));
        }
        if has_empty_name(info) {
            return Err(empty_info_key());
        }
    }
    check_initiator(contact_id, application_id, |key| {
        let value = info.and_then(|info| info.get(key)).and_then(Json::as_text);
        value.is_some_and(|value| !value.trim().is_empty())
    })?;
    Ok(identifier)
}

fn has_empty_name(object: Json<'_>) -> bool {
    object.unique_members([""]) != Some([None])
}

fn integer<T: FromStr>(
    name: &str,
    kind: ErrorKind,
    value: Option<Json<'_>>,
) -> Result<Option<T>, Error> {
    let parsed = value.map(|value| value.raw().parse()).transpose();
    parsed.map_err(|_| {
        let bits = 8 * size_of::<T>();
        Error::local(kind, format!("{name} must be a {bits}-bit integer"))
    })
}

fn check_identifier(identifier: &str) -> Result<(), Error> {
    let problem = if identifier.trim().is_empty() {
        "is missing or empty"
    } else if has_byte_order_mark(identifier) {
        "starts with a byte order mark; remove it"
    } else if identifier.len() > MAX_TEXT_BYTES {
        "is longer than 1024 bytes"
    } else if let Some(problem) = control_problem(identifier) {
        problem
    } else {
        return Ok(());
    };
    Err(Error::local(ErrorKind::WorkflowIdentifier, format!("workflowIdentifier {problem}")))
}

/// Checks that the initiation info contains the id that the application requires.
fn check_initiator(
    contact_id: Option<i64>,
    application_id: Option<i32>,
    has_value: impl Fn(&str) -> bool,
) -> Result<(), Error> {
    if let (Some(contact_id), Some(application_id)) = (contact_id, application_id) {
        check_application(contact_id, application_id.into())?;
    }
    let (kind, key, application) = match application_id {
        Some(application::LUMA) => {
            (ErrorKind::LumaChannelAccountId, CHANNEL_ACCOUNT_ID, "-2 (Luma/VSA)")
        }
        Some(application::ISM) => (ErrorKind::TicketIdentifier, TICKET_IDENTIFIER, "-4 (ISM)"),
        _ => return Ok(()),
    };
    if has_value(key) {
        return Ok(());
    }
    let message =
        format!("initiationInfo.{key} is missing or empty; application {application} requires it");
    Err(Error::local(kind, message))
}

fn check_size(bytes: usize) -> Result<(), Error> {
    if bytes <= MAX_BYTES {
        return Ok(());
    }
    let message = format!("the request has {bytes} bytes; the limit is {MAX_BYTES} (16 MiB)");
    Err(Error::local(ErrorKind::RequestTooLarge, message))
}

fn parse_json<'a>(argument: &str, json: &'a str) -> Result<&'a RawValue, Error> {
    let problem = if has_byte_order_mark(json) {
        "starts with a byte order mark; remove it"
    } else if json.trim().is_empty() {
        "is empty"
    } else {
        ""
    };
    if !problem.is_empty() {
        return Err(Error::local(ErrorKind::Json, format!("{argument} {problem}")));
    }
    if json::is_nested_too_deep(json.as_bytes()) {
        let message = format!("{argument} is nested deeper than 128 levels");
        return Err(Error::local(ErrorKind::Json, message));
    }
    serde_json::from_str(json).map_err(|error| not_json(argument, &error))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn requests_match_the_vendors_samples() {
        let account = "5d1c1f0a-6f3e-4a57-9a0b-2f1de5b7c911";
        let mut luma = TriggerRequest::for_luma("reset_password", 1, account).unwrap();
        luma.set_variable("userName", "jdoe").unwrap().set_variable("notifyBy", "email").unwrap();
        let mut ism = TriggerRequest::for_ism("reset_password", 4021, "100-1").unwrap();
        ism.set_variable("userName", "jdoe").unwrap();
        ism.set_variable("attempts", 3).unwrap().set_variable("force", true).unwrap();
        ism.set_variable_json("groups", r#"["vpn","mail"]"#).unwrap();
        for (request, sample) in [
            (luma, include_str!("../../tests/fixtures/trigger-request-luma.json")),
            (ism, include_str!("../../tests/fixtures/trigger-request-ism.json")),
        ] {
            let sent: Value = serde_json::from_slice(&request.encode().unwrap()).unwrap();
            assert_eq!(sent, serde_json::from_str::<Value>(sample).unwrap());
            check_json(sample).unwrap();
        }
    }

    #[test]
    fn a_number_keeps_its_digits() {
        let mut request = TriggerRequest::new("w").unwrap();
        request.set_variable_json("n", " 12345678901234567890.50 ").unwrap();
        let body = String::from_utf8(request.encode().unwrap().to_vec()).unwrap();
        assert_eq!(body, r#"{"workflowIdentifier":"w","variables":{"n":12345678901234567890.50}}"#);
    }

    #[test]
    fn a_double_is_sent_in_its_shortest_form_and_reads_back_as_itself() {
        let mut request = TriggerRequest::new("w").unwrap();
        for (value, json) in [
            (0.1, "0.1"),
            (3.0, "3.0"),
            (-0.0, "-0.0"),
            (1e300, "1e+300"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::from_bits(1), "5e-324"),
            (0.1 + 0.2, "0.30000000000000004"),
        ] {
            request.set_variable_f64("n", value).unwrap();
            assert_eq!(request.variables["n"], json);
            assert_eq!(json.parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
        request.set_secret_variable("n", "x").unwrap().set_variable_f64("n", 0.5).unwrap();
        assert!(request.secrets().is_empty());
        for (value, problem) in [
            (f64::NAN, "is NaN"),
            (f64::INFINITY, "is infinite"),
            (f64::NEG_INFINITY, "is infinite"),
        ] {
            let error = request.set_variable_f64("n", value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Json);
            assert!(error.message().starts_with(&format!("variable \"n\" {problem}, which JSON")));
            assert_eq!(request.variables["n"], "0.5");
        }
        assert_eq!(request.set_variable_f64("", 1.0).unwrap_err().kind(), ErrorKind::VariableName);
    }

    #[test]
    fn a_request_that_the_gateway_would_reject_is_refused() {
        fn kind<T>(result: Result<T, Error>) -> ErrorKind {
            let error = result.err().expect("an error");
            assert_eq!(error.outcome(), crate::Outcome::NotSent);
            error.kind()
        }
        for identifier in ["", " ", "w\u{7}", &"w".repeat(1025)] {
            assert_eq!(kind(TriggerRequest::new(identifier)), ErrorKind::WorkflowIdentifier);
        }
        assert_eq!(kind(TriggerRequest::for_ism("w", 1, "")), ErrorKind::TicketIdentifier);
        assert_eq!(kind(TriggerRequest::for_luma("w", 1, " ")), ErrorKind::LumaChannelAccountId);

        let mut request = TriggerRequest::new("w").unwrap();
        let without_ticket = request.set_initiator(1, application::ISM).encode();
        assert_eq!(kind(without_ticket), ErrorKind::TicketIdentifier);
        assert!(request.set_initiator(1, 4711).encode().is_ok());
        assert_eq!(kind(request.set_initiation_info("", "x")), ErrorKind::InitiationInfo);
        assert_eq!(kind(request.set_variable("", 1)), ErrorKind::VariableName);
        assert_eq!(kind(request.set_variables_json(r#"{"":1}"#)), ErrorKind::VariableName);
        request.set_variable("a", "x".repeat(MAX_BYTES)).unwrap();
        assert_eq!(kind(request.encode()), ErrorKind::RequestTooLarge);
    }

    #[test]
    fn invalid_json_leaves_the_request_unchanged() {
        let mut request = TriggerRequest::new("w").unwrap();
        request.set_variable("a", 1).unwrap();
        let before = request.encode().unwrap().to_vec();
        let deep = "[".repeat(200) + &"]".repeat(200);
        for json in ["", "{", "nul", "1 2", "NaN", deep.as_str()] {
            assert_eq!(request.set_variable_json("a", json).unwrap_err().kind(), ErrorKind::Json);
            assert_eq!(request.set_variables_json(json).unwrap_err().kind(), ErrorKind::Json);
        }
        for json in ["[]", "1", "null", "\"a\""] {
            let error = request.set_variables_json(json).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Variables);
        }
        assert_eq!(*request.encode().unwrap(), before);
        request.set_variables_json(r#" {"b": [1, {"c": null}]} "#).unwrap();
        let body = String::from_utf8(request.encode().unwrap().to_vec()).unwrap();
        assert_eq!(body, r#"{"workflowIdentifier":"w","variables":{"b":[1, {"c": null}]}}"#);
    }

    #[test]
    fn every_field_of_a_json_request_is_checked() {
        for (json, kind) in [
            ("", ErrorKind::Json),
            ("[]", ErrorKind::Json),
            ("{}{}", ErrorKind::Json),
            (r#"{"workflowIdentifier":"a","workflowIdentifier":"b"}"#, ErrorKind::Json),
            ("{}", ErrorKind::WorkflowIdentifier),
            (r#"{"workflowIdentifier":7}"#, ErrorKind::WorkflowIdentifier),
            (r#"{"workflowIdentifier":""}"#, ErrorKind::WorkflowIdentifier),
            (r#"{"workflowIdentifier":"w","variables":[]}"#, ErrorKind::Variables),
            (
                r#"{"workflowIdentifier":"w","initiatorApplicationId":"-4"}"#,
                ErrorKind::InitiatorApplication,
            ),
            (
                r#"{"workflowIdentifier":"w","initiatorApplicationId":9999999999}"#,
                ErrorKind::InitiatorApplication,
            ),
            (
                r#"{"workflowIdentifier":"w","initiatorApplicationId":-4}"#,
                ErrorKind::TicketIdentifier,
            ),
            (
                r#"{"workflowIdentifier":"w","initiatorApplicationId":-2,"initiationInfo":{"lumaChannelAccountId":5}}"#,
                ErrorKind::LumaChannelAccountId,
            ),
            (r#"{"workflowIdentifier":"w","initiationInfo":"x"}"#, ErrorKind::InitiationInfo),
        ] {
            assert_eq!(check_json(json).unwrap_err().kind(), kind, "{json}");
        }
        check_json(r#"{"workflowIdentifier":"w","variables":null,"initiationInfo":{"a":1e999},"more":[1e999]}"#).unwrap();
    }

    #[test]
    fn a_value_that_is_set_again_is_replaced() {
        let mut request = TriggerRequest::new("w").unwrap();
        request.set_variable("b", 1).unwrap().set_variable("a\0\"", "x").unwrap();
        request.set_variable("b", "2").unwrap();
        request.set_initiation_info("b", "\0\n\"").unwrap();
        let body = String::from_utf8(request.encode().unwrap().to_vec()).unwrap();
        let expected = concat!(
            r#"{"workflowIdentifier":"w","variables":{"a\u0000\"":"x","b":"2"},"#,
            r#""initiationInfo":{"b":"\u0000\n\""}}"#
        );
        assert_eq!(body, expected);

        let unwritable = BTreeMap::from([((1, 2), 3)]);
        assert_eq!(request.set_variable("b", &unwritable).unwrap_err().kind(), ErrorKind::Json);
        assert_eq!(String::from_utf8(request.encode().unwrap().to_vec()).unwrap(), body);
        assert_eq!(serde_json::to_string(&request).unwrap(), body);
    }

    #[test]
    fn a_secret_variable_is_sent_like_any_other() {
        let mut request = TriggerRequest::new("w").unwrap();
        request.set_variable("b", 1).unwrap().set_secret_variable("b", "p\"w\\\u{1}ä").unwrap();
        request.set_secret_variable("a", "x").unwrap().set_variable("a", "y").unwrap();
        let body = String::from_utf8(request.encode().unwrap().to_vec()).unwrap();
        let expected = r#"{"workflowIdentifier":"w","variables":{"a":"y","b":"p\"w\\\u0001ä"}}"#;
        assert_eq!(body, expected);
        assert_eq!(request.secrets(), ["p\"w\\\u{1}ä"]);
        assert!(request.max_json_bytes() + 512 >= body.len());
        assert_eq!(serde_json::to_string(&request).unwrap(), body);

        let error = request.set_secret_variable("", "x").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::VariableName);
        let long = "x".repeat(MAX_SECRET_BYTES - 10);
        request.set_secret_variable("c", &long).unwrap().set_secret_variable("c", &long).unwrap();
        let error = request.set_secret_variable("d", "12345678901").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RequestTooLarge);
        assert_eq!(request.secrets().len(), 2);
        request.set_variables_json("{}").unwrap();
        assert!(request.secrets().is_empty());
    }

    #[test]
    fn debug_hides_variables_and_initiation_info() {
        let mut request = TriggerRequest::new("w").unwrap();
        request.set_secret_variable("secret", "s3cr3t").unwrap();
        request.set_variable("password", "s3cr3t").unwrap();
        request.set_initiation_info("password", "s3cr3t").unwrap();
        assert!(!format!("{request:?}").contains("s3cr3t"));
    }
}
