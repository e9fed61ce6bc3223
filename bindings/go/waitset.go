package luma

/*
#include "bridge.h"
*/
import "C"

import (
	"context"
	"time"
	"unsafe"
)

// A WaitSet follows many runs on one goroutine, or on a few. Any number of goroutines may use it at
// the same time.
type WaitSet struct {
	h *handle
}

// A WaitEvent is a new status of a run, or the end of its wait.
type WaitEvent struct {
	// The run; "" if the gateway cannot be polled. Then Err says why, and the set continues when it
	// can.
	TriggerID string
	// The last state of the run that was seen.
	Result *Result
	// True if the run is no longer in the set.
	Ended bool
	// Why the wait ended before its run: a *WaitError; nil if it did not.
	Err error
}

// NewWaitSet creates an empty set. It makes at most pollsPerSecond polls, 1 to 1000; 0 means 20. If
// there are too many runs for that, all are polled less often.
func (c *Client) NewWaitSet(pollsPerSecond int) (*WaitSet, error) {
	p := (*C.luma_client)(c.h.acquire())
	if p == nil {
		return nil, ErrClosed
	}
	defer c.h.release()
	var out *C.luma_wait_set
	if err := statusError(C.luma_wait_set_new(p, &out)); err != nil {
		return nil, err
	}
	free := func(p unsafe.Pointer) { C.luma_wait_set_free((*C.luma_wait_set)(p)) }
	w := &WaitSet{newHandle(unsafe.Pointer(out), free, c.h.keep)}
	if pollsPerSecond == 0 {
		return w, nil
	}
	if err := statusError(C.luma_wait_set_max_polls_per_second(out, C.int64_t(pollsPerSecond))); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// Add adds a run, whose first poll is due at once. A timeout of zero means no limit.
func (w *WaitSet) Add(triggerID string, timeout time.Duration) error {
	return w.change(triggerID, func(p *C.luma_wait_set, id *C.char) C.int32_t {
		return C.luma_wait_set_add(p, id, milliseconds(timeout), nil)
	})
}

// Remove removes a run, which is not affected. If it is not in the set, for example because its wait
// has ended, the error has the status StatusNotInSet.
func (w *WaitSet) Remove(triggerID string) error {
	return w.change(triggerID, func(p *C.luma_wait_set, id *C.char) C.int32_t {
		return C.luma_wait_set_remove(p, id)
	})
}

func (w *WaitSet) change(triggerID string, function func(p *C.luma_wait_set, id *C.char) C.int32_t) error {
	id, err := cString("triggerID", triggerID)
	if err != nil {
		return err
	}
	defer C.free(unsafe.Pointer(id))
	p := (*C.luma_wait_set)(w.h.acquire())
	if p == nil {
		return ErrClosed
	}
	defer w.h.release()
	return statusError(function(p, id))
}

// Len returns the number of runs in the set.
func (w *WaitSet) Len() int {
	p := (*C.luma_wait_set)(w.h.acquire())
	if p == nil {
		return 0
	}
	defer w.h.release()
	return int(C.luma_wait_set_count(p))
}

// Next waits for the next event; each is returned to one goroutine. The context ends it after a poll
// that it is making. If the set is empty, the error has the status StatusSetEmpty; after Close it is
// ErrClosed.
func (w *WaitSet) Next(ctx context.Context) (*WaitEvent, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p := (*C.luma_wait_set)(w.h.acquire())
	if p == nil {
		return nil, ErrClosed
	}
	defer w.h.release()
	if ctx.Done() != nil {
		done := make(chan struct{})
		defer close(done)
		go func() {
			select {
			case <-ctx.Done():
				w.wake()
			case <-done:
			}
		}()
	}
	for {
		var out *C.luma_result
		var status C.int32_t
		current := invoke(func() { status = C.luma_wait_set_next(p, -1, &out, nil) })
		result := newResult(out)
		if current.panicked != nil {
			panic(&CallbackPanic{current.panicked, result})
		}
		triggerID := result.TriggerID()
		switch Status(status) {
		case StatusOK:
			return &WaitEvent{triggerID, result, true, nil}, nil
		case StatusWaitOpen:
			return &WaitEvent{triggerID, result, false, nil}, nil
		case StatusWoken:
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			// The context of another goroutine has ended.
		case StatusSetClosed:
			return nil, ErrClosed
		case StatusSetEmpty, StatusCancelled:
			return nil, callError(result, current.err)
		default:
			err := &WaitError{triggerID, result.Status(), result.Message(), result, current.err}
			return &WaitEvent{triggerID, result, triggerID != "", err}, nil
		}
	}
}

func (w *WaitSet) wake() {
	if p := (*C.luma_wait_set)(w.h.acquire()); p != nil {
		C.luma_wait_set_wake(p)
		w.h.release()
	}
}

// Close ends the calls of Next within 50 ms, and frees the set. The runs are not affected.
func (w *WaitSet) Close() {
	p := (*C.luma_wait_set)(w.h.acquire())
	w.h.close()
	if p != nil {
		C.luma_wait_set_close(p)
		w.h.release()
	}
}
