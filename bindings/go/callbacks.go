package luma

/*
#include "bridge.h"
*/
import "C"

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unsafe"
)

// A Logger receives the lines of the library's log, on the goroutine of the call.
type Logger func(level LogLevel, line string)

// A TokenProvider returns the current access token. It is asked before the first call and after an
// HTTP 401, on the goroutine of the call. It must not use the client.
type TokenProvider func() ([]byte, error)

// callbacks are a logger or a token provider. C knows only their number.
type callbacks struct {
	number   uintptr
	logger   Logger
	provider TokenProvider
}

// call is a call that is in progress. A callback on its thread finds it by its number.
type call struct {
	// What a callback panicked with: it must not unwind through C.
	panicked any
	// The error of the token provider.
	err error
	// A token that did not fit into the buffer.
	token []byte
	// The store of Client.TriggerOnceWithStore.
	store Store
}

var registry = struct {
	sync.Mutex
	last      uintptr
	callbacks map[uintptr]*callbacks
	calls     map[uintptr]*call
}{callbacks: map[uintptr]*callbacks{}, calls: map[uintptr]*call{}}

// A callbacksRef keeps callbacks registered as long as a configuration or a client refers to it.
type callbacksRef struct{ *callbacks }

func newCallbacks(c callbacks) *callbacksRef {
	registry.Lock()
	defer registry.Unlock()
	registry.last++
	c.number = registry.last
	registry.callbacks[c.number] = &c
	ref := &callbacksRef{&c}
	runtime.SetFinalizer(ref, func(ref *callbacksRef) {
		registry.Lock()
		defer registry.Unlock()
		delete(registry.callbacks, ref.number)
	})
	return ref
}

// A CallbackPanic is what a call panics with after a callback panicked. The call itself was made.
type CallbackPanic struct {
	// What the callback panicked with.
	Value any
	// The result of the call.
	Result *Result
}

func (p *CallbackPanic) Error() string {
	return fmt.Sprintf("luma: a callback panicked: %v", p.Value)
}

// invoke calls into C, which may call back on the same thread.
func invoke(function func()) *call {
	current := &call{}
	current.invoke(function)
	return current
}

func (current *call) invoke(function func()) {
	registry.Lock()
	registry.last++
	number := registry.last
	registry.calls[number] = current
	registry.Unlock()
	runtime.LockOSThread()
	outer := C.luma_go_set_call(C.uintptr_t(number))
	function()
	C.luma_go_set_call(outer)
	runtime.UnlockOSThread()
	registry.Lock()
	delete(registry.calls, number)
	registry.Unlock()
}

func find(callNumber, number C.uintptr_t) (*call, *callbacks) {
	registry.Lock()
	defer registry.Unlock()
	current := registry.calls[uintptr(callNumber)]
	if current == nil {
		// Outside of a call, such as in a setter.
		current = &call{}
	}
	return current, registry.callbacks[uintptr(number)]
}

//export goLumaLog
func goLumaLog(callNumber, number C.uintptr_t, level C.int32_t, line *C.char) {
	current, callbacks := find(callNumber, number)
	defer func() {
		if panicked := recover(); panicked != nil && current.panicked == nil {
			current.panicked = panicked
		}
	}()
	if callbacks != nil && callbacks.logger != nil {
		callbacks.logger(LogLevel(level), C.GoString(line))
	}
}

//export goLumaToken
func goLumaToken(callNumber, number C.uintptr_t, buffer *C.char, size C.size_t) (length C.size_t) {
	current, callbacks := find(callNumber, number)
	defer func() {
		if panicked := recover(); panicked != nil {
			if current.panicked == nil {
				current.panicked = panicked
			}
			length = 0
		}
	}()
	token := current.token
	current.token = nil
	if token == nil && callbacks != nil && callbacks.provider != nil {
		token, current.err = callbacks.provider()
	}
	if C.size_t(len(token)) > size {
		// Asked again with a buffer of this size.
		current.token = token
	} else {
		copy(unsafe.Slice((*byte)(unsafe.Pointer(buffer)), int(size)), token)
	}
	return C.size_t(len(token))
}

// caught keeps what a callback of a store panicked with, and makes it fail.
func (current *call) caught(status *C.int32_t) {
	if panicked := recover(); panicked != nil {
		if current.panicked == nil {
			current.panicked = panicked
		}
		*status = -1
	}
}

//export goLumaClaim
func goLumaClaim(callNumber C.uintptr_t, key, digest, intent, triggerID *C.char, size C.size_t) (status C.int32_t) {
	current, _ := find(callNumber, 0)
	defer current.caught(&status)
	claim, id, err := current.store.Claim(C.GoString(key), C.GoString(digest), []byte(C.GoString(intent)))
	if err == nil && (len(id) >= int(size) || strings.IndexByte(id, 0) >= 0) {
		err = fmt.Errorf("%w: the store returned an invalid trigger id", ErrInvalid)
	}
	if err != nil {
		current.err = err
		return -1
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(triggerID)), int(size)), id+"\x00")
	return C.int32_t(claim)
}

//export goLumaComplete
func goLumaComplete(callNumber C.uintptr_t, key *C.char, outcome C.int32_t, triggerID *C.char) (status C.int32_t) {
	current, _ := find(callNumber, 0)
	defer current.caught(&status)
	if err := current.store.Complete(C.GoString(key), Outcome(outcome), C.GoString(triggerID)); err != nil {
		return -1
	}
	return 0
}
