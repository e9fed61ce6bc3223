// Package luma is a client for the Luma Automation gateway. It triggers workflows, follows their
// runs, and says what happened to each request: accepted, rejected, never sent, or unknown.
//
// A Client may be used by any number of goroutines. Every call takes a context, which ends that
// call and no other. An error of a trigger is an *Error with an
// outcome:
//
//	result, err := client.Trigger(ctx, request)
//	switch {
//	case errors.Is(err, luma.ErrNotSent): // nothing reached the gateway: try again
//	case errors.Is(err, luma.ErrRejected): // nothing runs: correct the request
//	case errors.Is(err, luma.ErrUnknown): // it may be running: look before you try again
//	}
//
// A wait that ends before its run returns a *WaitError, which is none of these three: the workflow
// was accepted before.
//
// The package links the C library: by pkg-config, or statically with the build tag luma_static; then
// CGO_CFLAGS and CGO_LDFLAGS say where luma.h and libluma.a are.
package luma

/*
#cgo !luma_static pkg-config: luma
#cgo luma_static LDFLAGS: -l:libluma.a -lutil -lrt -lpthread -lm -ldl
#include "bridge.h"
*/
import "C"

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
	"unsafe"
)

// A handle owns an object of the C library. It is freed when it is closed and no call uses it any
// more, or when the garbage collector finds it.
type handle struct {
	mutex  sync.Mutex
	p      unsafe.Pointer
	users  int
	closed bool
	free   func(unsafe.Pointer)
	// What the object needs as long as it exists, such as callbacks.
	keep any
}

func newHandle(p unsafe.Pointer, free func(unsafe.Pointer), keep any) *handle {
	h := &handle{p: p, free: free, keep: keep}
	runtime.SetFinalizer(h, (*handle).close)
	return h
}

// acquire returns the object for a call, which ends with release. It returns nil after close.
func (h *handle) acquire() unsafe.Pointer {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.closed {
		return nil
	}
	h.users++
	return h.p
}

func (h *handle) release() {
	h.mutex.Lock()
	h.users--
	isLast := h.closed && h.users == 0
	h.mutex.Unlock()
	if isLast {
		h.free(h.p)
	}
}

func (h *handle) close() {
	h.mutex.Lock()
	isLast := !h.closed && h.users == 0
	h.closed = true
	h.mutex.Unlock()
	runtime.SetFinalizer(h, nil)
	if isLast {
		h.free(h.p)
	}
}

// cString copies a text for C. A NUL would end it early, so it is an error.
func cString(name, text string) (*C.char, error) {
	if i := strings.IndexByte(text, 0); i >= 0 {
		return nil, fmt.Errorf("%w: %s contains a NUL at byte %d", ErrInvalid, name, i)
	}
	return C.CString(text), nil
}

// cStrings are the copies of a call's texts. They are wiped, because one of them may be a secret.
type cStrings []*C.char

func (s *cStrings) add(name, text string) (*C.char, error) {
	c, err := cString(name, text)
	if err == nil {
		*s = append(*s, c)
	}
	return c, err
}

func (s cStrings) free() {
	for _, c := range s {
		C.luma_go_wipe(c)
		C.free(unsafe.Pointer(c))
	}
}

// milliseconds rounds away from zero, so that a short duration does not become none. The library
// refuses a negative one.
func milliseconds(d time.Duration) C.int64_t {
	ms := C.int64_t(d / time.Millisecond)
	switch rest := d % time.Millisecond; {
	case rest > 0:
		ms++
	case rest < 0:
		ms--
	}
	return ms
}

func boolean(on bool) C.int32_t {
	if on {
		return 1
	}
	return 0
}

// Version returns the version of the C library.
func Version() string {
	return C.GoString(C.luma_version())
}

// Name returns the name of a status, such as LUMA_ERROR_CONNECT.
func (s Status) Name() string {
	return C.GoString(C.luma_status_name(C.int32_t(s)))
}

// String returns the name, or the number of a status that this library does not know.
func (s Status) String() string {
	if name := s.Name(); name != "" {
		return name
	}
	return fmt.Sprintf("status %d", int32(s))
}

// String returns ACCEPTED, REJECTED, NOT_SENT or UNKNOWN.
func (o Outcome) String() string {
	return C.GoString(C.luma_outcome_name(C.int32_t(o)))
}

// String returns the name of a counter, such as CALLS_ACCEPTED.
func (c Counter) String() string {
	return C.GoString(C.luma_counter_name(C.int32_t(c)))
}

// String returns the gateway's name of a status, such as RUNNING.
func (s RunStatus) String() string {
	return C.GoString(C.luma_run_status_name(C.int32_t(s)))
}

// IsFinal says whether a run has ended: completed, failed or terminated.
func (s RunStatus) IsFinal() bool {
	return C.luma_run_status_is_final(C.int32_t(s)) != 0
}

// String returns ERROR, WARN, INFO or DEBUG.
func (l LogLevel) String() string {
	return C.GoString(C.luma_log_level_name(C.int32_t(l)))
}
