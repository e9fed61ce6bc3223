//! What is sent to trigger a workflow.

use std::str::FromStr;

use serde::{Serialize, Serializer, ser};
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind};
use crate::json::{self, Json, JsonType};

use super::members::{Member, Members, Object};
use crate::limits::{MAX_BYTES, MAX_TEXT_BYTES, has_control_character};

/// The applications on whose behalf a workflow starts, as the vendor's pages name them. A tenant
/// may have registered more.
pub mod application {
    /// Luma/VSA; needs `initiationInfo.lumaChannelAccountId`.
    pub const LUMA: i32 = -2;
    /// ISM; needs `initiationInfo.ticketIdentifier`.
    pub const ISM: i32 = -4;
    /// ChangeGear.
    pub const CHANGEGEAR: i32 = -7;
    /// POB.
    pub const POB: i32 = -8;
}

const CHANNEL_ACCOUNT_ID: &str = "lumaChannelAccountId";
const TICKET_IDENTIFIER: &str = "ticketIdentifier";

/// Of all names that a request has around its members, with the initiator's ids.
const MAX_FRAME_BYTES: usize = 160;

/// A workflow to run, with its variables and who asks for it.
///
/// What the gateway would certainly refuse is refused here, before anything is sent, with an error
/// that names the field: each part as it is set, and what belongs together when it is sent.
#[derive(Debug, Clone)]
pub struct TriggerRequest {
    members: Members,
    initiator_contact_id: Option<i64>,
    initiator_application_id: Option<i32>,
}

impl TriggerRequest {
    /// A request without an initiator; [`set_initiator`](Self::set_initiator) gives it one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WorkflowIdentifier`] if the identifier is empty, longer than 1024 bytes or
    /// holds a control character.
    pub fn new(workflow_identifier: impl AsRef<str>) -> Result<Self, Error> {
        let workflow_identifier = workflow_identifier.as_ref();
        check_identifier(workflow_identifier)?;
        let mut request = TriggerRequest {
            members: Members::new(),
            initiator_contact_id: None,
            initiator_application_id: None,
        };
        request.set(Object::Request, "workflowIdentifier", workflow_identifier)?;
        Ok(request)
    }

    /// A request on behalf of a contact in Luma/VSA (application -2).
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

    /// A request on behalf of a contact in ISM (application -4), for one of its tickets.
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
        mandatory: (&str, &str),
    ) -> Result<Self, Error> {
        let mut request = Self::new(workflow_identifier)?;
        request.set_initiator(contact_id, application_id);
        request.set_initiation_info(mandatory.0, mandatory.1)?;
        request.check_initiator(&request.members.sorted())?;
        Ok(request)
    }

    /// Sets a variable to what can be written as JSON; a `&str` gives a string. Set again, it is
    /// replaced.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::VariableName`] if the name is empty, [`ErrorKind::Json`] for a value that JSON
    /// has no words for, such as a map by numbers in pairs.
    pub fn set_variable(
        &mut self,
        name: impl AsRef<str>,
        value: impl Serialize,
    ) -> Result<&mut Self, Error> {
        let name = name.as_ref();
        if name.is_empty() {
            return Err(unnamed_variable());
        }
        self.set(Object::Variables, name, &value)
    }

    /// Sets a variable to the value that `json` writes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] if it is not one JSON value, nested at most 128 deep, and
    /// [`ErrorKind::VariableName`] if the name is empty; the request stays as it was.
    pub fn set_variable_json(
        &mut self,
        name: impl AsRef<str>,
        json: &str,
    ) -> Result<&mut Self, Error> {
        self.set_variable(name, parse_json("json", json)?)
    }

    /// Replaces all variables by the members of a JSON object.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] if `json_object` is not JSON, [`ErrorKind::Variables`] if it is no
    /// object, [`ErrorKind::VariableName`] if a name is empty; the request stays as it was.
    pub fn set_variables_json(&mut self, json_object: &str) -> Result<&mut Self, Error> {
        let json = parse_json("json_object", json_object)?;
        let variables = Json::from(json).entries().ok_or_else(variables_are_no_object)?;
        if variables.iter().any(|(name, _)| name.is_empty()) {
            return Err(unnamed_variable());
        }
        self.members.clear(Object::Variables);
        for (name, value) in variables {
            self.set(Object::Variables, &name, value)?;
        }
        Ok(self)
    }

    fn set<T: Serialize + ?Sized>(
        &mut self,
        object: Object,
        name: &str,
        value: &T,
    ) -> Result<&mut Self, Error> {
        self.members.set(object, name, value).map_err(|error| not_json(name, &error))?;
        Ok(self)
    }

    /// Sets the contact on whose behalf the workflow runs, and the application it is known in: see
    /// [`application`]; others pass through.
    pub fn set_initiator(&mut self, contact_id: i64, application_id: i32) -> &mut Self {
        self.initiator_contact_id = Some(contact_id);
        self.initiator_application_id = Some(application_id);
        self
    }

    /// Sets a member of `initiationInfo`, `ticketIdentifier` for instance. Set again, it is
    /// replaced.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InitiationInfo`] if the key is empty.
    pub fn set_initiation_info(
        &mut self,
        key: impl AsRef<str>,
        value: impl AsRef<str>,
    ) -> Result<&mut Self, Error> {
        let key = key.as_ref();
        if key.is_empty() {
            return Err(unnamed_initiation_info());
        }
        self.set(Object::InitiationInfo, key, value.as_ref())
    }

    /// The request as the gateway reads it.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, Error> {
        let members = self.members.sorted();
        self.check_initiator(&members)?;
        let body = self.written(&members);
        check_size(body.len())?;
        Ok(body)
    }

    fn written(&self, members: &[Member<'_>]) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.members.length() + MAX_FRAME_BYTES);
        body.push(b'{');
        write_members(&mut body, members, Object::Request);
        body.extend_from_slice(b",\"variables\":{");
        write_members(&mut body, members, Object::Variables);
        body.push(b'}');
        // Writing a number to a Vec cannot fail. `write!` takes 250 instructions more for each.
        if let Some(id) = self.initiator_contact_id {
            body.extend_from_slice(b",\"initiatorContactId\":");
            let _ = serde_json::to_writer(&mut body, &id);
        }
        if let Some(id) = self.initiator_application_id {
            body.extend_from_slice(b",\"initiatorApplicationId\":");
            let _ = serde_json::to_writer(&mut body, &id);
        }
        if members.iter().any(|member| member.is_of(Object::InitiationInfo)) {
            body.extend_from_slice(b",\"initiationInfo\":{");
            write_members(&mut body, members, Object::InitiationInfo);
            body.push(b'}');
        }
        body.push(b'}');
        body
    }

    fn check_initiator(&self, members: &[Member<'_>]) -> Result<(), Error> {
        check_initiator(self.initiator_application_id, |key| {
            let mut info = members.iter().filter(|member| member.is_of(Object::InitiationInfo));
            let member =
                info.find(|member| member.name[1..].strip_suffix(b"\"") == Some(key.as_bytes()));
            member.is_some_and(|member| has_text(member.value))
        })
    }
}

/// As the gateway reads it, and as it stands: nothing is checked.
impl Serialize for TriggerRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let body = self.written(&self.members.sorted());
        let json: &RawValue = serde_json::from_slice(&body).map_err(ser::Error::custom)?;
        json.serialize(serializer)
    }
}

fn write_members(body: &mut Vec<u8>, members: &[Member<'_>], object: Object) {
    for (number, member) in members.iter().filter(|member| member.is_of(object)).enumerate() {
        if number > 0 {
            body.push(b',');
        }
        body.extend_from_slice(member.name);
        body.push(b':');
        body.extend_from_slice(member.value);
    }
}

/// Whether JSON is a string with more than blanks in it.
fn has_text(json: &[u8]) -> bool {
    // Nearly every string, and cheaper to see.
    if let [b'"', b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z', ..] = json {
        return true;
    }
    let text = std::str::from_utf8(json).ok().and_then(|json| Json::of(json).as_text());
    text.is_some_and(|text| !text.trim().is_empty())
}

fn unnamed_variable() -> Error {
    Error::local(ErrorKind::VariableName, "variables: a name is empty")
}

fn variables_are_no_object() -> Error {
    Error::local(ErrorKind::Variables, "variables must be a JSON object")
}

fn unnamed_initiation_info() -> Error {
    Error::local(ErrorKind::InitiationInfo, "initiationInfo: a key is empty")
}

fn not_json(argument: &str, error: &serde_json::Error) -> Error {
    Error::local(ErrorKind::Json, format!("{argument} is not JSON: {error}"))
}

/// Checks a request that the caller wrote as JSON. It is sent as it was written.
pub(crate) fn check_json(request: &str) -> Result<(), Error> {
    check_size(request.len())?;
    let request = Json::from(parse_json("request_json", request)?);
    if request.json_type() != JsonType::Object {
        return Err(Error::local(ErrorKind::Json, "request_json is no JSON object"));
    }
    let names = [
        "workflowIdentifier",
        "variables",
        "initiatorContactId",
        "initiatorApplicationId",
        "initiationInfo",
    ];
    let Some(members) = request.single_members(names) else {
        return Err(Error::local(ErrorKind::Json, "request_json names a member twice"));
    };
    let members = members.map(|member| member.filter(|json| json.json_type() != JsonType::Null));
    let [identifier, variables, contact_id, application_id, info] = members;
    match identifier.map(Json::as_text) {
        None => check_identifier("")?,
        Some(Some(identifier)) => check_identifier(&identifier)?,
        Some(None) => {
            let message = "workflowIdentifier must be a string";
            return Err(Error::local(ErrorKind::WorkflowIdentifier, message));
        }
    }
    if let Some(variables) = variables {
        if variables.json_type() != JsonType::Object {
            return Err(variables_are_no_object());
        }
        if has_unnamed(variables) {
            return Err(unnamed_variable());
        }
    }
    integer::<i64>("initiatorContactId", ErrorKind::InitiatorContact, contact_id)?;
    let application_id =
        integer("initiatorApplicationId", ErrorKind::InitiatorApplication, application_id)?;
    if let Some(info) = info {
        if info.json_type() != JsonType::Object {
            let message = "initiationInfo must be a JSON object";
            return Err(Error::local(ErrorKind::InitiationInfo, message));
        }
        if has_unnamed(info) {
            return Err(unnamed_initiation_info());
        }
    }
    check_initiator(application_id, |key| {
        let value = info.and_then(|info| info.get(key));
        value.is_some_and(|value| has_text(value.raw().as_bytes()))
    })
}

fn has_unnamed(object: Json<'_>) -> bool {
    object.single_members([""]) != Some([None])
}

fn integer<T: FromStr>(
    name: &str,
    kind: ErrorKind,
    value: Option<Json<'_>>,
) -> Result<Option<T>, Error> {
    let parsed = value.map(|value| value.raw().parse()).transpose();
    parsed.map_err(|_| {
        let bits = 8 * size_of::<T>();
        Error::local(kind, format!("{name} must be an integer of {bits} bits"))
    })
}

fn check_identifier(identifier: &str) -> Result<(), Error> {
    let wrong = if identifier.trim().is_empty() {
        "is missing or empty"
    } else if identifier.len() > MAX_TEXT_BYTES {
        "is longer than 1024 bytes"
    } else if has_control_character(identifier) {
        "holds a control character"
    } else {
        return Ok(());
    };
    Err(Error::local(ErrorKind::WorkflowIdentifier, format!("workflowIdentifier {wrong}")))
}

/// Whether the application has the id that is mandatory for it.
fn check_initiator(application_id: Option<i32>, has: impl Fn(&str) -> bool) -> Result<(), Error> {
    let (kind, key, application) = match application_id {
        Some(application::LUMA) => {
            (ErrorKind::LumaChannelAccountId, CHANNEL_ACCOUNT_ID, "-2 (Luma/VSA)")
        }
        Some(application::ISM) => (ErrorKind::TicketIdentifier, TICKET_IDENTIFIER, "-4 (ISM)"),
        _ => return Ok(()),
    };
    if has(key) {
        return Ok(());
    }
    let message =
        format!("initiationInfo.{key} is missing or empty; application {application} needs it");
    Err(Error::local(kind, message))
}

fn check_size(bytes: usize) -> Result<(), Error> {
    if bytes <= MAX_BYTES {
        return Ok(());
    }
    let message = format!("the request has {bytes} bytes; at most {MAX_BYTES} are sent");
    Err(Error::local(ErrorKind::RequestTooLarge, message))
}

fn check_depth(argument: &str, json: &str) -> Result<(), Error> {
    if json::is_nested_too_deep(json.as_bytes()) {
        let message = format!("{argument} is nested deeper than 128");
        return Err(Error::local(ErrorKind::Json, message));
    }
    Ok(())
}

fn parse_json<'a>(argument: &str, json: &'a str) -> Result<&'a RawValue, Error> {
    check_depth(argument, json)?;
    serde_json::from_str(json).map_err(|error| not_json(argument, &error))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn requests_read_like_the_vendors_samples() {
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
        let body = String::from_utf8(request.encode().unwrap()).unwrap();
        assert_eq!(body, r#"{"workflowIdentifier":"w","variables":{"n":12345678901234567890.50}}"#);
    }

    #[test]
    fn what_the_gateway_would_refuse_is_refused_here() {
        fn kind<T>(result: Result<T, Error>) -> ErrorKind {
            let error = result.err().expect("a refusal");
            assert_eq!(error.outcome(), crate::Outcome::NotSent);
            error.kind()
        }
        for identifier in ["", " ", "w\u{7}", &"w".repeat(1025)] {
            assert_eq!(kind(TriggerRequest::new(identifier)), ErrorKind::WorkflowIdentifier);
        }
        assert_eq!(kind(TriggerRequest::for_ism("w", 1, "")), ErrorKind::TicketIdentifier);
        assert_eq!(kind(TriggerRequest::for_luma("w", 1, " ")), ErrorKind::LumaChannelAccountId);

        let mut request = TriggerRequest::new("w").unwrap();
        let mandatory = request.set_initiator(1, application::ISM).encode();
        assert_eq!(kind(mandatory), ErrorKind::TicketIdentifier);
        assert!(request.set_initiator(1, 4711).encode().is_ok());
        assert_eq!(kind(request.set_initiation_info("", "x")), ErrorKind::InitiationInfo);
        assert_eq!(kind(request.set_variable("", 1)), ErrorKind::VariableName);
        assert_eq!(kind(request.set_variables_json(r#"{"":1}"#)), ErrorKind::VariableName);
        request.set_variable("a", "x".repeat(MAX_BYTES)).unwrap();
        assert_eq!(kind(request.encode()), ErrorKind::RequestTooLarge);
    }

    #[test]
    fn json_that_is_no_value_changes_nothing() {
        let mut request = TriggerRequest::new("w").unwrap();
        request.set_variable("a", 1).unwrap();
        let before = request.encode().unwrap();
        let deep = "[".repeat(200) + &"]".repeat(200);
        for json in ["", "{", "nul", "1 2", "NaN", deep.as_str()] {
            assert_eq!(request.set_variable_json("a", json).unwrap_err().kind(), ErrorKind::Json);
            assert_eq!(request.set_variables_json(json).unwrap_err().kind(), ErrorKind::Json);
        }
        for json in ["[]", "1", "null", "\"a\""] {
            let error = request.set_variables_json(json).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Variables);
        }
        assert_eq!(request.encode().unwrap(), before);
        request.set_variables_json(r#" {"b": [1, {"c": null}]} "#).unwrap();
        let body = String::from_utf8(request.encode().unwrap()).unwrap();
        assert_eq!(body, r#"{"workflowIdentifier":"w","variables":{"b":[1, {"c": null}]}}"#);
    }

    #[test]
    fn a_written_request_is_checked_by_field() {
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
}
