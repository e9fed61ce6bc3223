package luma

/*
#include "bridge.h"
*/
import "C"

import (
	"context"
	"encoding/json"
	"runtime"
	"time"
	"unsafe"
)

// A Client is a client of one gateway. Any number of goroutines may use it.
type Client struct {
	h *handle
}

// New creates a client with default settings. It does not connect yet.
func New(baseURL, accessToken string) (*Client, error) {
	config, err := NewConfig(baseURL, accessToken)
	if err != nil {
		return nil, err
	}
	defer config.Close()
	return NewClient(config)
}

// NewFromEnvironment creates a client with the settings of NewConfigFromEnvironment.
func NewFromEnvironment() (*Client, error) {
	config, err := NewConfigFromEnvironment()
	if err != nil {
		return nil, err
	}
	defer config.Close()
	return NewClient(config)
}

// NewClient creates a client with a copy of the settings. It does not connect yet.
func NewClient(config *Config) (*Client, error) {
	p := (*C.luma_config)(config.h.acquire())
	if p == nil {
		return nil, ErrClosed
	}
	defer config.h.release()
	var out *C.luma_client
	var reason *C.luma_result
	status := C.luma_client_new_with_reason(p, &out, &reason)
	if err := reasonError(status, reason); err != nil {
		return nil, err
	}
	return newClient(out, []*callbacksRef{config.logger, config.provider}), nil
}

func newClient(p *C.luma_client, keep any) *Client {
	free := func(p unsafe.Pointer) { C.luma_client_free((*C.luma_client)(p)) }
	return &Client{newHandle(unsafe.Pointer(p), free, keep)}
}

// derive creates a client that shares connections and token with this one.
func (c *Client) derive(function func(p *C.luma_client, out **C.luma_client) C.int32_t) (*Client, error) {
	p := (*C.luma_client)(c.h.acquire())
	if p == nil {
		return nil, ErrClosed
	}
	defer c.h.release()
	var out *C.luma_client
	if err := statusError(function(p, &out)); err != nil {
		return nil, err
	}
	return newClient(out, c.h.keep), nil
}

// WithRequestID returns a client that uses a correlation id for all its calls, such as a ticket.
func (c *Client) WithRequestID(id string) (*Client, error) {
	text, err := cString("id", id)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(text))
	return c.derive(func(p *C.luma_client, out **C.luma_client) C.int32_t {
		return C.luma_client_with_request_id(p, text, out)
	})
}

// WithTimeout returns a client whose calls have another timeout.
func (c *Client) WithTimeout(d time.Duration) (*Client, error) {
	return c.derive(func(p *C.luma_client, out **C.luma_client) C.int32_t {
		return C.luma_client_with_timeout_ms(p, milliseconds(d), out)
	})
}

func (c *Client) withOwnCancel() (*Client, error) {
	return c.derive(func(p *C.luma_client, out **C.luma_client) C.int32_t {
		return C.luma_client_with_own_cancel(p, out)
	})
}

// SetAccessToken replaces the token for all goroutines. Calls in progress keep the old one.
func (c *Client) SetAccessToken(accessToken string) error {
	p := (*C.luma_client)(c.h.acquire())
	if p == nil {
		return ErrClosed
	}
	defer c.h.release()
	var s cStrings
	defer func() { s.free() }()
	token, err := s.add("accessToken", accessToken)
	if err != nil {
		return err
	}
	var reason *C.luma_result
	return reasonError(C.luma_client_set_access_token_with_reason(p, token, &reason), reason)
}

// Close cancels the calls in progress, and frees the client when the last of them has ended. Later
// calls return ErrClosed.
func (c *Client) Close() {
	if p := (*C.luma_client)(c.h.acquire()); p != nil {
		C.luma_client_close(p)
		c.h.release()
	}
	c.h.close()
}

// Drain refuses new calls, lets those in progress end, and closes the client: for stopping a
// service. It returns false if calls had to be cancelled when the timeout was over.
func (c *Client) Drain(timeout time.Duration) (bool, error) {
	p := (*C.luma_client)(c.h.acquire())
	if p == nil {
		return false, ErrClosed
	}
	status := C.luma_client_drain(p, milliseconds(timeout))
	c.h.release()
	if Status(status) != StatusOK && Status(status) != StatusCancelled {
		return false, statusError(status)
	}
	c.Close()
	return Status(status) == StatusOK, nil
}

// Counter returns what this client and those that share its connections have done so far; -1 after
// Close.
func (c *Client) Counter(counter Counter) int64 {
	p := (*C.luma_client)(c.h.acquire())
	if p == nil {
		return -1
	}
	defer c.h.release()
	return int64(C.luma_client_counter(p, C.int32_t(counter)))
}

// do makes a call that the context can end.
func (c *Client) do(ctx context.Context, function func(p *C.luma_client, out **C.luma_result)) (*Result, error) {
	return c.doWith(ctx, &call{}, function)
}

func (c *Client) doWith(ctx context.Context, current *call, function func(p *C.luma_client, out **C.luma_result)) (*Result, error) {
	client, end, err := c.scope(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	p := (*C.luma_client)(client.h.acquire())
	if p == nil {
		return nil, ErrClosed
	}
	defer client.h.release()
	var out *C.luma_result
	current.invoke(func() { function(p, &out) })
	result := newResult(out)
	if current.panicked != nil {
		panic(&CallbackPanic{current.panicked, result})
	}
	err = callError(result, firstError(ctx.Err(), current.err))
	if e, ok := err.(*Error); ok {
		e.isCall = true
	}
	return result, err
}

// scope returns a client for one call that the context ends, and what to do after the call.
func (c *Client) scope(ctx context.Context) (*Client, func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, &Error{
			Status: StatusCancelled, Outcome: OutcomeNotSent, Message: "nothing was sent: " + err.Error(), cause: err,
		}
	}
	if ctx.Done() == nil {
		return c, func() {}, nil
	}
	client, err := c.withOwnCancel()
	if err != nil {
		return nil, nil, err
	}
	done := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			client.cancel()
		case <-done:
		}
	}()
	return client, func() { close(done); client.h.close() }, nil
}

func (c *Client) cancel() {
	if p := (*C.luma_client)(c.h.acquire()); p != nil {
		C.luma_client_close(p)
		c.h.release()
	}
}

func firstError(errors ...error) error {
	for _, err := range errors {
		if err != nil {
			return err
		}
	}
	return nil
}

func callError(result *Result, cause error) error {
	status := result.Status()
	if status == StatusOK || status == StatusAlreadyAccepted {
		return nil
	}
	return &Error{
		Status: status, Outcome: result.Outcome(), Message: result.Message(), Reasons: result.Reasons(),
		Result: result, cause: cause,
	}
}

// ofTrigger marks the error of a call that triggers.
func ofTrigger(result *Result, err error) (*Result, error) {
	if e, ok := err.(*Error); ok {
		e.isTrigger = true
	}
	return result, err
}

// Connect opens a connection ahead of time, and sends nothing to the gateway.
func (c *Client) Connect(ctx context.Context) (*Result, error) {
	return c.do(ctx, func(p *C.luma_client, out **C.luma_result) { C.luma_client_connect(p, out) })
}

// Trigger triggers a workflow, at most once. It does not wait for the run.
func (c *Client) Trigger(ctx context.Context, request *Request) (*Result, error) {
	r := (*C.luma_trigger_request)(request.h.acquire())
	if r == nil {
		return nil, ErrClosed
	}
	defer request.h.release()
	return ofTrigger(c.do(ctx, func(p *C.luma_client, out **C.luma_result) { C.luma_trigger_workflow(p, r, out) }))
}

// TriggerJSON triggers a workflow with a request in the gateway's format.
func (c *Client) TriggerJSON(ctx context.Context, request []byte) (*Result, error) {
	return ofTrigger(c.doText(ctx, "request", string(request), func(p *C.luma_client, text *C.char, out **C.luma_result) {
		C.luma_trigger_workflow_json(p, text, out)
	}))
}

// TriggerOnce triggers a workflow at most once per key, whatever happens to this process. If the
// key was accepted before, the result has the status StatusAlreadyAccepted and the same trigger id.
// The error is ErrUnknown also if the outcome of an earlier call is not known, see Journal.Resolve.
func (c *Client) TriggerOnce(ctx context.Context, journal *Journal, key string, request *Request) (*Result, error) {
	j := (*C.luma_journal)(journal.h.acquire())
	if j == nil {
		return nil, ErrClosed
	}
	defer journal.h.release()
	r := (*C.luma_trigger_request)(request.h.acquire())
	if r == nil {
		return nil, ErrClosed
	}
	defer request.h.release()
	return ofTrigger(c.doText(ctx, "key", key, func(p *C.luma_client, key *C.char, out **C.luma_result) {
		C.luma_trigger_workflow_once(p, j, key, r, out)
	}))
}

// A Store remembers for several machines what was sent, such as a table of a database. The promise of
// Client.TriggerOnceWithStore is as good as the store: a claim must be atomic, and durable when Claim
// returns.
type Store interface {
	// Claim reads, in one transaction, what is stored for the key; if that is nothing, REJECTED or
	// NOT_SENT, it stores the intent and returns ClaimGranted. With ClaimAccepted it returns the
	// trigger id. After an error nothing is sent.
	Claim(key, digest string, intent json.RawMessage) (claim Claim, triggerID string, err error)
	// Complete stores the outcome of a claim that was granted. After an error
	// Result.JournalRecorded returns false.
	Complete(key string, outcome Outcome, triggerID string) error
}

// TriggerOnceWithStore triggers a workflow at most once per key like TriggerOnce, if several machines
// trigger the same keys. The secret is a random text that these machines share and nobody else knows.
func (c *Client) TriggerOnceWithStore(ctx context.Context, store Store, digestSecret, key string, request *Request) (*Result, error) {
	r := (*C.luma_trigger_request)(request.h.acquire())
	if r == nil {
		return nil, ErrClosed
	}
	defer request.h.release()
	var s cStrings
	defer func() { s.free() }()
	secret, err := s.add("digestSecret", digestSecret)
	if err != nil {
		return nil, err
	}
	cKey, err := s.add("key", key)
	if err != nil {
		return nil, err
	}
	return ofTrigger(c.doWith(ctx, &call{store: store}, func(p *C.luma_client, out **C.luma_result) {
		C.luma_go_trigger_once_with_store(p, secret, cKey, r, out)
	}))
}

func (c *Client) doText(ctx context.Context, name, text string, function func(p *C.luma_client, text *C.char, out **C.luma_result)) (*Result, error) {
	value, err := cString(name, text)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(value))
	return c.do(ctx, func(p *C.luma_client, out **C.luma_result) { function(p, value, out) })
}

// GetHistory returns the state of a run.
func (c *Client) GetHistory(ctx context.Context, triggerID string) (*Result, error) {
	return c.doText(ctx, "triggerID", triggerID, func(p *C.luma_client, id *C.char, out **C.luma_result) {
		C.luma_get_workflow_history(p, id, out)
	})
}

// A ListQuery selects the part of a list to fetch. The zero value is the whole list.
type ListQuery struct {
	Filter, OrderBy string
	Skip, Top       int64
}

// ListSteps returns the steps of a run, see Result.Steps.
func (c *Client) ListSteps(ctx context.Context, triggerID string, query ListQuery) (*Result, error) {
	var s cStrings
	defer func() { s.free() }()
	id, err := s.add("triggerID", triggerID)
	if err != nil {
		return nil, err
	}
	filter, orderBy, err := s.query(query)
	if err != nil {
		return nil, err
	}
	return c.do(ctx, func(p *C.luma_client, out **C.luma_result) {
		C.luma_list_workflow_steps(p, id, filter, orderBy, C.int64_t(query.Skip), C.int64_t(query.Top), out)
	})
}

// ListDefinitions returns the workflows of the tenant, see Result.Definitions.
func (c *Client) ListDefinitions(ctx context.Context, query ListQuery) (*Result, error) {
	var s cStrings
	defer func() { s.free() }()
	filter, orderBy, err := s.query(query)
	if err != nil {
		return nil, err
	}
	return c.do(ctx, func(p *C.luma_client, out **C.luma_result) {
		C.luma_list_workflow_definitions(p, filter, orderBy, C.int64_t(query.Skip), C.int64_t(query.Top), out)
	})
}

func (s *cStrings) query(query ListQuery) (filter, orderBy *C.char, err error) {
	if filter, err = s.add("filter", query.Filter); err != nil {
		return
	}
	orderBy, err = s.add("orderBy", query.OrderBy)
	return
}

// GetStep returns a step of a run in detail.
func (c *Client) GetStep(ctx context.Context, triggerID, stepID string) (*Result, error) {
	step, err := cString("stepID", stepID)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(step))
	return c.doText(ctx, "triggerID", triggerID, func(p *C.luma_client, id *C.char, out **C.luma_result) {
		C.luma_get_workflow_step(p, id, step, out)
	})
}

// GenerateLaunchURL generates a URL that shows a run, see Result.LaunchURL.
func (c *Client) GenerateLaunchURL(ctx context.Context, triggerID string) (*Result, error) {
	return c.doText(ctx, "triggerID", triggerID, func(p *C.luma_client, id *C.char, out **C.luma_result) {
		C.luma_generate_launch_url(p, id, out)
	})
}

// RegenerateTenantToken generates a new token for a tenant, see Result.AccessToken. Its old token
// stops working.
func (c *Client) RegenerateTenantToken(ctx context.Context, superAdminToken, tenantExternalID string) (*Result, error) {
	var s cStrings
	defer func() { s.free() }()
	token, err := s.add("superAdminToken", superAdminToken)
	if err != nil {
		return nil, err
	}
	return c.doText(ctx, "tenantExternalID", tenantExternalID, func(p *C.luma_client, tenant *C.char, out **C.luma_result) {
		C.luma_regenerate_tenant_token(p, token, tenant, out)
	})
}

// WaitOptions say when a wait ends. The zero value waits until the run ends.
type WaitOptions struct {
	// At most a day. Zero means no limit.
	Timeout time.Duration
	// Also ends the wait when the run is suspended, because a person may have to act.
	UntilSuspended bool
	// Called after each poll with the state of the run, or the error of the poll.
	Progress func(*Result)
}

// Wait polls a run until it ends. It returns the last state of the run, also if that is FAILED. An
// early end is a *WaitError. Between polls nothing is blocked, and the context ends the wait at
// once; the run continues.
func (c *Client) Wait(ctx context.Context, triggerID string, options WaitOptions) (*Result, error) {
	id, err := cString("triggerID", triggerID)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(id))
	interrupted := func(last *Result) error {
		message := "the wait was interrupted: " + ctx.Err().Error()
		return &WaitError{triggerID, StatusCancelled, message, last, ctx.Err()}
	}
	if ctx.Err() != nil {
		return nil, interrupted(nil)
	}
	client, end, err := c.scope(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	wait, err := client.newWait(id, options)
	if err != nil {
		return nil, err
	}
	defer C.luma_wait_free(wait)
	var last *Result
	for {
		var out *C.luma_result
		current := invoke(func() { C.luma_wait_poll(wait, &out) })
		result := newResult(out)
		runtime.KeepAlive(client)
		if current.panicked != nil {
			panic(&CallbackPanic{current.panicked, result})
		}
		last = result
		if options.Progress != nil {
			options.Progress(result)
		}
		pause := C.luma_wait_next_poll_ms(wait)
		switch {
		case pause >= 0:
			timer := time.NewTimer(time.Duration(pause) * time.Millisecond)
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
				return last, interrupted(last)
			}
		case result.Status() == StatusOK:
			return result, nil
		case ctx.Err() != nil:
			return last, interrupted(last)
		default:
			return last, &WaitError{triggerID, result.Status(), result.Message(), last, current.err}
		}
	}
}

func (c *Client) newWait(id *C.char, options WaitOptions) (*C.luma_wait, error) {
	p := (*C.luma_client)(c.h.acquire())
	if p == nil {
		return nil, ErrClosed
	}
	defer c.h.release()
	var wait *C.luma_wait
	if err := statusError(C.luma_wait_new(p, id, milliseconds(options.Timeout), &wait)); err != nil {
		return nil, err
	}
	C.luma_wait_set_until_suspended(wait, boolean(options.UntilSuspended))
	return wait, nil
}
