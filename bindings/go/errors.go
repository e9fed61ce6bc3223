package luma

import (
	"errors"
	"fmt"
)

// The outcomes of a trigger that was not accepted, and other errors, for errors.Is. Calls that do not
// trigger are none of the outcomes: repeating a function on ErrNotSent never triggers twice.
var (
	// ErrRejected: the gateway refused the request. Nothing runs.
	ErrRejected = errors.New("luma: rejected")
	// ErrNotSent: nothing was sent to the gateway. The trigger may be repeated. Also if a journal
	// cannot be used, or the key belongs to another request: then the message says what to do first.
	ErrNotSent = errors.New("luma: not sent")
	// ErrUnknown: the request may have been executed. Look before you repeat it.
	ErrUnknown = errors.New("luma: unknown")
	// ErrInvalid: an argument or a setting is wrong. Nothing was sent, and repeating it is useless.
	ErrInvalid = errors.New("luma: invalid argument")
	// ErrClosed: the client, the wait or the journal was closed. Nothing was sent.
	ErrClosed = errors.New("luma: already closed")
	// ErrWait: a wait ended before its run, which continues.
	ErrWait = errors.New("luma: the wait ended early")
)

// An Error is a call that failed, or a setting that was refused.
type Error struct {
	Status  Status
	Outcome Outcome
	Message string
	// What the gateway says about the request, one text per reason.
	Reasons []string
	// The result of the call; nil if a setting was refused.
	Result *Result
	// The error of the context or of the token provider, if that ended the call.
	cause error
	// True for a call to the gateway, and for one that triggers.
	isCall, isTrigger bool
}

func (e *Error) Error() string {
	return fmt.Sprintf("luma: %s: %s", e.Outcome, e.Message)
}

// isMistake says whether an argument or a setting is wrong. A token provider without a token is no
// mistake in an argument of the call.
func (e *Error) isMistake() bool {
	return e.Status < 100 && !(e.isCall && e.Status == StatusAccessToken)
}

// Is makes errors.Is find the outcome of a trigger, and ErrInvalid.
func (e *Error) Is(target error) bool {
	if target == ErrInvalid {
		return e.isMistake()
	}
	if !e.isTrigger || e.isMistake() {
		return false
	}
	switch target {
	case ErrRejected:
		return e.Outcome == OutcomeRejected
	case ErrNotSent:
		return e.Outcome == OutcomeNotSent
	case ErrUnknown:
		return e.Outcome == OutcomeUnknown
	}
	return false
}

// Unwrap returns the error of the context or of the token provider, if that ended the call.
func (e *Error) Unwrap() error {
	return e.cause
}

// A WaitError is a wait that ended before its run. The run continues, and any program that has the
// trigger id can wait again.
type WaitError struct {
	TriggerID string
	Status    Status
	Message   string
	// The last state of the run that was seen.
	Result *Result
	cause  error
}

func (e *WaitError) Error() string {
	return fmt.Sprintf("luma: waiting for run %s: %s", e.TriggerID, e.Message)
}

// Is makes errors.Is find ErrWait.
func (e *WaitError) Is(target error) bool {
	return target == ErrWait
}

// Unwrap returns the error of the context or of the token provider, if that ended the wait.
func (e *WaitError) Unwrap() error {
	return e.cause
}
