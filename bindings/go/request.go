package luma

/*
#include "bridge.h"
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"unsafe"
)

// A Request is a workflow to run, with its variables. One goroutine at a time may use it.
type Request struct {
	h *handle
}

// NewRequest creates a request for a workflow, see Client.ListDefinitions.
func NewRequest(workflow string) (*Request, error) {
	c, err := cString("workflow", workflow)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(c))
	var out *C.luma_trigger_request
	var reason *C.luma_result
	status := C.luma_trigger_request_new_with_reason(c, &out, &reason)
	if err := reasonError(status, reason); err != nil {
		return nil, err
	}
	free := func(p unsafe.Pointer) { C.luma_trigger_request_free((*C.luma_trigger_request)(p)) }
	return &Request{newHandle(unsafe.Pointer(out), free, nil)}, nil
}

func (r *Request) set(setter func(*C.luma_trigger_request) C.int32_t) error {
	p := (*C.luma_trigger_request)(r.h.acquire())
	if p == nil {
		return ErrClosed
	}
	defer r.h.release()
	status := setter(p)
	if Status(status) == StatusOK {
		return nil
	}
	return &Error{
		Status:  Status(status),
		Outcome: OutcomeNotSent,
		Message: C.GoString(C.luma_trigger_request_message(p)),
	}
}

func (r *Request) setPair(first, second, key, value string, setter func(p *C.luma_trigger_request, key, value *C.char) C.int32_t) error {
	var s cStrings
	defer func() { s.free() }()
	cKey, err := s.add(first, key)
	if err != nil {
		return err
	}
	cValue, err := s.add(second, value)
	if err != nil {
		return err
	}
	return r.set(func(p *C.luma_trigger_request) C.int32_t { return setter(p, cKey, cValue) })
}

// SetVariable sets a variable. A string is sent as text; any other value as json.Marshal writes it.
func (r *Request) SetVariable(name string, value any) error {
	if text, ok := value.(string); ok {
		return r.setPair("name", "value", name, text, func(p *C.luma_trigger_request, name, value *C.char) C.int32_t {
			return C.luma_trigger_request_set_variable(p, name, value)
		})
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("%w: variable %s: %v", ErrInvalid, name, err)
	}
	return r.setPair("name", "value", name, string(text), func(p *C.luma_trigger_request, name, value *C.char) C.int32_t {
		return C.luma_trigger_request_set_variable_json(p, name, value)
	})
}

// SetSecretVariable sets a variable whose value is masked wherever the gateway repeats it.
func (r *Request) SetSecretVariable(name string, value []byte) error {
	return r.setPair("name", "value", name, string(value), func(p *C.luma_trigger_request, name, value *C.char) C.int32_t {
		return C.luma_trigger_request_set_secret_variable(p, name, value)
	})
}

// ExcludeFromDigest leaves a variable out when Client.TriggerOnce compares the request with an
// earlier one of the same key, such as a time.
func (r *Request) ExcludeFromDigest(name string) error {
	c, err := cString("name", name)
	if err != nil {
		return err
	}
	defer C.free(unsafe.Pointer(c))
	return r.set(func(p *C.luma_trigger_request) C.int32_t { return C.luma_trigger_request_exclude_from_digest(p, c) })
}

// SetInitiator sets the contact on whose behalf the workflow runs, and the application.
func (r *Request) SetInitiator(contactID int64, application Application) error {
	return r.set(func(p *C.luma_trigger_request) C.int32_t {
		return C.luma_trigger_request_set_initiator(p, C.int64_t(contactID), C.int64_t(application))
	})
}

// SetInitiationInfo sets what else is known about the initiation, such as ticketIdentifier.
func (r *Request) SetInitiationInfo(key, value string) error {
	return r.setPair("key", "value", key, value, func(p *C.luma_trigger_request, key, value *C.char) C.int32_t {
		return C.luma_trigger_request_set_initiation_info(p, key, value)
	})
}

// Close frees the request. The garbage collector does it too.
func (r *Request) Close() {
	r.h.close()
}
