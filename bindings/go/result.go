package luma

/*
#include "bridge.h"
#include <string.h>
*/
import "C"

import (
	"encoding/json"
	"time"
	"unsafe"
)

// A Result is what a call returned. It outlives its client.
type Result struct {
	h *handle
}

func newResult(p *C.luma_result) *Result {
	if p == nil {
		return nil
	}
	free := func(p unsafe.Pointer) { C.luma_result_free((*C.luma_result)(p)) }
	return &Result{newHandle(unsafe.Pointer(p), free, nil)}
}

// read calls a getter. A closed result has the values of no result.
func read[T any](r *Result, getter func(*C.luma_result) T) T {
	if r == nil {
		return getter(nil)
	}
	p := r.h.acquire()
	if p == nil {
		return getter(nil)
	}
	defer r.h.release()
	return getter((*C.luma_result)(p))
}

func (r *Result) text(getter func(*C.luma_result) *C.char) string {
	return read(r, func(p *C.luma_result) string { return C.GoString(getter(p)) })
}

func (r *Result) bytes(getter func(*C.luma_result) *C.char) []byte {
	return read(r, func(p *C.luma_result) []byte {
		text := getter(p)
		return C.GoBytes(unsafe.Pointer(text), C.int(C.strlen(text)))
	})
}

func (r *Result) time(getter func(*C.luma_result) C.int64_t) time.Time {
	ms := read(r, getter)
	if ms < 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(ms))
}

func (r *Result) duration(getter func(*C.luma_result) C.int64_t) time.Duration {
	ms := read(r, getter)
	if ms < 0 {
		return -1
	}
	return time.Duration(ms) * time.Millisecond
}

// Close frees the result. The garbage collector does too.
func (r *Result) Close() {
	if r != nil {
		r.h.close()
	}
}

// String returns the outcome and the message. It never contains a secret.
func (r *Result) String() string {
	return r.Outcome().String() + ": " + r.Message()
}

// Status says why the call ended as it did.
func (r *Result) Status() Status {
	return Status(read(r, func(p *C.luma_result) C.int32_t { return C.luma_result_status(p) }))
}

// Outcome says what is certain.
func (r *Result) Outcome() Outcome {
	return Outcome(read(r, func(p *C.luma_result) C.int32_t { return C.luma_result_outcome(p) }))
}

// Message describes the result in one line, for a log.
func (r *Result) Message() string {
	return r.text(func(p *C.luma_result) *C.char { return C.luma_result_message(p) })
}

// TriggerID returns the id of the run, or "".
func (r *Result) TriggerID() string {
	return r.text(func(p *C.luma_result) *C.char { return C.luma_result_trigger_id(p) })
}

// RequestID returns the correlation id of the call.
func (r *Result) RequestID() string {
	return r.text(func(p *C.luma_result) *C.char { return C.luma_result_request_id(p) })
}

// HTTPStatus returns the status of the response, or 0.
func (r *Result) HTTPStatus() int {
	return int(read(r, func(p *C.luma_result) C.int32_t { return C.luma_result_http_status(p) }))
}

// Attempts returns how often the request was attempted.
func (r *Result) Attempts() int {
	return int(read(r, func(p *C.luma_result) C.int32_t { return C.luma_result_attempts(p) }))
}

// RetryAfter returns how long the gateway asked to wait; -1 if it did not.
func (r *Result) RetryAfter() time.Duration {
	return r.duration(func(p *C.luma_result) C.int64_t { return C.luma_result_retry_after_ms(p) })
}

// ConnectionReused says whether the request was sent on a connection that was open already.
func (r *Result) ConnectionReused() bool {
	return read(r, func(p *C.luma_result) C.int32_t { return C.luma_result_connection_reused(p) }) == 1
}

// Timing returns how long a part of the call took; -1 if it did not happen.
func (r *Result) Timing(part Timing) time.Duration {
	microseconds := read(r, func(p *C.luma_result) C.int64_t { return C.luma_result_timing_us(p, C.int32_t(part)) })
	if microseconds < 0 {
		return -1
	}
	return time.Duration(microseconds) * time.Microsecond
}

// PeerAddress returns the address that Client.Connect connected to.
func (r *Result) PeerAddress() string {
	return r.text(func(p *C.luma_result) *C.char { return C.luma_result_peer_address(p) })
}

// TLSVersion returns the version of a connection, or "" without TLS.
func (r *Result) TLSVersion() string {
	return r.text(func(p *C.luma_result) *C.char { return C.luma_result_tls_version(p) })
}

// CertificateExpires returns when the gateway's certificate expires, or the zero time without TLS.
func (r *Result) CertificateExpires() time.Time {
	return r.time(func(p *C.luma_result) C.int64_t { return C.luma_result_certificate_expires_ms(p) })
}

// AlreadyAccepted says whether Client.TriggerOnce sent nothing, because the key was accepted before.
func (r *Result) AlreadyAccepted() bool {
	return r.Status() == StatusAlreadyAccepted
}

// JournalTime returns when the key of Client.TriggerOnce was accepted, or the zero time.
func (r *Result) JournalTime() time.Time {
	return r.time(func(p *C.luma_result) C.int64_t { return C.luma_result_journal_time_ms(p) })
}

// JournalRecorded says whether the journal has the outcome of Client.TriggerOnce. If the disk failed
// after the request was sent, a later call with the key finds its outcome unknown.
func (r *Result) JournalRecorded() bool {
	return read(r, func(p *C.luma_result) C.int32_t { return C.luma_result_journal_recorded(p) }) == 1
}

// Reasons returns what the gateway says about a refused request.
func (r *Result) Reasons() []string {
	return read(r, func(p *C.luma_result) []string {
		var reasons []string
		for i := C.size_t(0); i < C.luma_result_error_count(p); i++ {
			reasons = append(reasons, C.GoString(C.luma_result_error(p, i)))
		}
		return reasons
	})
}

// RunStatus returns the status of the run, or RunNone.
func (r *Result) RunStatus() RunStatus {
	return RunStatus(read(r, func(p *C.luma_result) C.int32_t { return C.luma_result_run_status(p) }))
}

// RunStatusText returns the gateway's word, also for a status that this library does not know.
func (r *Result) RunStatusText() string {
	return r.text(func(p *C.luma_result) *C.char { return C.luma_result_run_status_text(p) })
}

// StartTime returns when the run started, or the zero time.
func (r *Result) StartTime() time.Time {
	return r.time(func(p *C.luma_result) C.int64_t { return C.luma_result_run_start_time_ms(p) })
}

// EndTime returns when the run ended, or the zero time.
func (r *Result) EndTime() time.Time {
	return r.time(func(p *C.luma_result) C.int64_t { return C.luma_result_run_end_time_ms(p) })
}

// TimeSpent returns how long the run took, as the gateway measured it; -1 if it did not say.
func (r *Result) TimeSpent() time.Duration {
	return r.duration(func(p *C.luma_result) C.int64_t { return C.luma_result_run_time_spent_ms(p) })
}

// PollCount returns the number of polls of a wait.
func (r *Result) PollCount() int {
	return int(read(r, func(p *C.luma_result) C.int32_t { return C.luma_result_poll_count(p) }))
}

// Parameters returns the parameters of a run by name.
func (r *Result) Parameters() map[string]string {
	return read(r, func(p *C.luma_result) map[string]string {
		parameters := map[string]string{}
		for i := C.size_t(0); i < C.luma_result_parameter_count(p); i++ {
			name := C.GoString(C.luma_result_parameter_name(p, i))
			parameters[name] = C.GoString(C.luma_result_parameter_value(p, i))
		}
		return parameters
	})
}

// A Step is one step of a run.
type Step struct {
	ID, Name   string
	Status     RunStatus
	StatusText string
	// The zero time if it is not known.
	Start, End time.Time
	// As the gateway measured it; -1 if it did not say.
	TimeSpent time.Duration
}

// Steps returns the steps of ListSteps, or the one of GetStep.
func (r *Result) Steps() []Step {
	return read(r, func(p *C.luma_result) []Step {
		at := func(ms C.int64_t) (t time.Time) {
			if ms >= 0 {
				t = time.UnixMilli(int64(ms))
			}
			return t
		}
		spent := func(ms C.int64_t) time.Duration {
			if ms < 0 {
				return -1
			}
			return time.Duration(ms) * time.Millisecond
		}
		steps := make([]Step, 0, int(C.luma_result_step_count(p)))
		for i := C.size_t(0); i < C.luma_result_step_count(p); i++ {
			steps = append(steps, Step{
				ID:         C.GoString(C.luma_result_step_id(p, i)),
				Name:       C.GoString(C.luma_result_step_name(p, i)),
				Status:     RunStatus(C.luma_result_step_status(p, i)),
				StatusText: C.GoString(C.luma_result_step_status_text(p, i)),
				Start:      at(C.luma_result_step_start_time_ms(p, i)),
				End:        at(C.luma_result_step_end_time_ms(p, i)),
				TimeSpent:  spent(C.luma_result_step_time_spent_ms(p, i)),
			})
		}
		return steps
	})
}

// A Definition is a workflow that can be triggered.
type Definition struct {
	Identifier, Name, Description string
	Parameters                    []DefinitionParameter
}

// A DefinitionParameter is a variable of a workflow.
type DefinitionParameter struct {
	Name, Caption, Description, DataType string
	Required                             bool
}

// Definitions returns those of ListDefinitions.
func (r *Result) Definitions() []Definition {
	return read(r, func(p *C.luma_result) []Definition {
		var definitions []Definition
		for i := C.size_t(0); i < C.luma_result_definition_count(p); i++ {
			definition := Definition{
				Identifier:  C.GoString(C.luma_result_definition_identifier(p, i)),
				Name:        C.GoString(C.luma_result_definition_name(p, i)),
				Description: C.GoString(C.luma_result_definition_description(p, i)),
			}
			for j := C.size_t(0); j < C.luma_result_definition_parameter_count(p, i); j++ {
				definition.Parameters = append(definition.Parameters, DefinitionParameter{
					Name:        C.GoString(C.luma_result_definition_parameter_name(p, i, j)),
					Caption:     C.GoString(C.luma_result_definition_parameter_caption(p, i, j)),
					Description: C.GoString(C.luma_result_definition_parameter_description(p, i, j)),
					DataType:    C.GoString(C.luma_result_definition_parameter_data_type(p, i, j)),
					Required:    C.luma_result_definition_parameter_required(p, i, j) != 0,
				})
			}
			definitions = append(definitions, definition)
		}
		return definitions
	})
}

// LaunchURL returns the URL of GenerateLaunchURL. It contains an access key.
func (r *Result) LaunchURL() []byte {
	return r.bytes(func(p *C.luma_result) *C.char { return C.luma_result_launch_url(p) })
}

// AccessToken returns the token of RegenerateTenantToken.
func (r *Result) AccessToken() []byte {
	return r.bytes(func(p *C.luma_result) *C.char { return C.luma_result_access_token(p) })
}

// JSON returns the whole response, in which secrets are masked; nil if there is none.
func (r *Result) JSON() json.RawMessage {
	return read(r, func(p *C.luma_result) json.RawMessage {
		length := C.luma_result_json_length(p)
		if length == 0 {
			return nil
		}
		return C.GoBytes(unsafe.Pointer(C.luma_result_json(p)), C.int(length))
	})
}

// Text returns the value at a JSON pointer (RFC 6901) as text: the characters of a string, or the
// JSON of any other value.
func (r *Result) Text(pointer string) (string, error) {
	c, err := cString("pointer", pointer)
	if err != nil {
		return "", err
	}
	defer C.free(unsafe.Pointer(c))
	var value string
	status := read(r, func(p *C.luma_result) C.int32_t {
		var text *C.char
		var length C.size_t
		status := C.luma_result_text(p, c, &text, &length)
		value = C.GoStringN(text, C.int(length))
		return status
	})
	return value, statusError(status)
}

// Int64 returns the integer at a JSON pointer, exactly.
func (r *Result) Int64(pointer string) (int64, error) {
	c, err := cString("pointer", pointer)
	if err != nil {
		return 0, err
	}
	defer C.free(unsafe.Pointer(c))
	var value C.int64_t
	status := read(r, func(p *C.luma_result) C.int32_t { return C.luma_result_int64(p, c, &value) })
	return int64(value), statusError(status)
}

// statusError is the error of a function that returns only a status.
func statusError(status C.int32_t) error {
	if Status(status) == StatusOK {
		return nil
	}
	return &Error{
		Status:  Status(status),
		Outcome: OutcomeNotSent,
		Message: C.GoString(C.luma_status_message(status)),
	}
}
