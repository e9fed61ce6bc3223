// bindings/conformance.md, row by row.

package luma

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	url   = os.Getenv("LUMA_URL")
	token = os.Getenv("LUMA_TOKEN")
	ctx   = context.Background()
)

// A delivery is a request that the simulator received.
type delivery struct {
	Body string `json:"body"`
}

func simulator(t *testing.T, method, path string) []byte {
	t.Helper()
	request, err := http.NewRequest(method, url+path, nil)
	must(t, err)
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(t, err)
	return body
}

func advance(t *testing.T, ms int) {
	simulator(t, "POST", fmt.Sprintf("/simulator/time?advanceMs=%d", ms))
}

func journalOf(t *testing.T, workflow string) []delivery {
	t.Helper()
	var answer struct {
		Deliveries []delivery `json:"deliveries"`
	}
	must(t, json.Unmarshal(simulator(t, "GET", "/simulator/journal?workflowIdentifier="+workflow), &answer))
	return answer.Deliveries
}

func clearJournal(t *testing.T) {
	simulator(t, "DELETE", "/simulator/journal")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, got, want any) {
	t.Helper()
	if got != want {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func config(t *testing.T) *Config {
	t.Helper()
	config, err := NewConfig(url, token)
	must(t, err)
	return config
}

func client(t *testing.T) *Client {
	t.Helper()
	client, err := New(url, token)
	must(t, err)
	t.Cleanup(client.Close)
	return client
}

func request(t *testing.T, workflow string, variables ...string) *Request {
	t.Helper()
	request, err := NewRequest(workflow)
	must(t, err)
	for i := 0; i < len(variables); i += 2 {
		must(t, request.SetVariable(variables[i], variables[i+1]))
	}
	return request
}

func unlock(t *testing.T) *Request {
	return request(t, "unlock_account", "userName", "jdoe")
}

func trigger(t *testing.T, client *Client, request *Request) *Result {
	t.Helper()
	result, err := client.Trigger(ctx, request)
	must(t, err)
	return result
}

func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("not an Error: %v", err)
	}
	return e
}

func TestAccepted(t *testing.T) {
	clearJournal(t)
	result := trigger(t, client(t), unlock(t))
	equal(t, result.Outcome(), OutcomeAccepted)
	equal(t, len(result.TriggerID()), 36)
	equal(t, len(journalOf(t, "unlock_account")), 1)
}

func TestRejected(t *testing.T) {
	_, err := client(t).Trigger(ctx, request(t, "unlock_account"))
	e := asError(t, err)
	if !errors.Is(err, ErrRejected) || errors.Is(err, ErrNotSent) || errors.Is(err, ErrUnknown) {
		t.Fatal(err)
	}
	equal(t, e.Status, Status(200))
	equal(t, e.Status.Name(), "LUMA_ERROR_VALIDATION")
	equal(t, strings.Join(e.Reasons, "|"), "User name is required")
}

func TestNotSent(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	address := listener.Addr().String()
	listener.Close()
	config, err := NewConfig("http://"+address, "token")
	must(t, err)
	must(t, config.SetRetries(false))
	client, err := NewClient(config)
	must(t, err)
	defer client.Close()
	_, err = client.Trigger(ctx, unlock(t))
	equal(t, errors.Is(err, ErrNotSent), true)
	equal(t, asError(t, err).Status.Name(), "LUMA_ERROR_CONNECT")
	// A read triggers nothing, so it is not an outcome of a trigger.
	_, err = client.GetHistory(ctx, "id")
	equal(t, asError(t, err).Outcome, OutcomeNotSent)
	equal(t, errors.Is(err, ErrNotSent), false)
}

func TestUnknown(t *testing.T) {
	clearJournal(t)
	_, err := client(t).Trigger(ctx, request(t, "fault-close-after-reading"))
	if !errors.Is(err, ErrUnknown) || errors.Is(err, ErrNotSent) || errors.Is(err, ErrRejected) {
		t.Fatal(err)
	}
	equal(t, asError(t, err).Status, StatusConnectionLost)
	equal(t, len(journalOf(t, "fault-close-after-reading")), 1)
}

func TestWaitWithProgress(t *testing.T) {
	client := client(t)
	id := trigger(t, client, request(t, "reset_password", "userName", "jdoe")).TriggerID()
	var seen []string
	result, err := client.Wait(ctx, id, WaitOptions{Timeout: time.Minute, Progress: func(r *Result) {
		seen = append(seen, r.RunStatus().String())
		if len(seen) == 1 {
			advance(t, 3000)
		}
	}})
	must(t, err)
	equal(t, strings.Join(seen, " "), "RUNNING COMPLETED")
	equal(t, result.RunStatus().IsFinal(), true)
	equal(t, result.EndTime().Sub(result.StartTime()), 3*time.Second)
}

func TestARunThatFailsIsAResult(t *testing.T) {
	client := client(t)
	id := trigger(t, client, request(t, "restart_service", "hostName", "a", "serviceName", "b")).TriggerID()
	advance(t, 2000)
	result, err := client.Wait(ctx, id, WaitOptions{})
	must(t, err)
	equal(t, result.RunStatus(), RunFailed)
}

func TestAWaitThatEndsInRejectedOrNotSent(t *testing.T) {
	id := trigger(t, client(t), unlock(t)).TriggerID()
	wrong, err := New(url, "wrong")
	must(t, err)
	defer wrong.Close()
	without := config(t)
	problem := errors.New("the vault is sealed")
	must(t, without.SetTokenProvider(func() ([]byte, error) { return nil, problem }))
	notSent, err := NewClient(without)
	must(t, err)
	defer notSent.Close()
	for _, client := range []*Client{wrong, notSent} {
		_, err := client.Wait(ctx, id, WaitOptions{})
		var e *WaitError
		if !errors.As(err, &e) || !errors.Is(err, ErrWait) {
			t.Fatal(err)
		}
		equal(t, e.TriggerID, id)
		for _, outcome := range []error{ErrRejected, ErrNotSent, ErrUnknown} {
			equal(t, errors.Is(err, outcome), false)
		}
	}
	_, err = notSent.Wait(ctx, id, WaitOptions{})
	equal(t, errors.Is(err, problem), true)
}

func TestAWaitThatTimesOut(t *testing.T) {
	client := client(t)
	id := trigger(t, client, request(t, "patch_server", "hostName", "a")).TriggerID()
	_, err := client.Wait(ctx, id, WaitOptions{Timeout: 200 * time.Millisecond})
	var e *WaitError
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	equal(t, e.Status, StatusWaitTimeout)
	equal(t, e.TriggerID, id)
	equal(t, e.Result.RunStatusText(), "ACTIVATED")
}

func TestSteps(t *testing.T) {
	client := client(t)
	id := trigger(t, client, request(t, "inventory_scan", "siteName", "a")).TriggerID()
	result, err := client.ListSteps(ctx, id, ListQuery{})
	must(t, err)
	steps := result.Steps()
	equal(t, len(steps), 250)
	detail, err := client.GetStep(ctx, id, steps[0].ID)
	must(t, err)
	equal(t, detail.Steps()[0].ID, steps[0].ID)
	equal(t, detail.Steps()[0].Name, steps[0].Name)
	definitions, err := client.ListDefinitions(ctx, ListQuery{Filter: "identifier==unlock_account"})
	must(t, err)
	equal(t, definitions.Definitions()[0].Parameters[0].Name, "userName")
}

func TestCancellingOneOfTwoWaits(t *testing.T) {
	client := client(t)
	first := trigger(t, client, request(t, "patch_server", "hostName", "a")).TriggerID()
	second := trigger(t, client, request(t, "patch_server", "hostName", "b")).TriggerID()
	for _, id := range []string{first, "fault-hang"} {
		cancelled, cancel := context.WithCancel(ctx)
		ended := make(chan error)
		go func() {
			_, err := client.Wait(cancelled, id, WaitOptions{})
			ended <- err
		}()
		other := make(chan error)
		go func() {
			_, err := client.Wait(ctx, second, WaitOptions{Timeout: time.Minute})
			other <- err
		}()
		time.Sleep(300 * time.Millisecond)
		started := time.Now()
		cancel()
		err := <-ended
		if took := time.Since(started); took > 50*time.Millisecond*slowness {
			t.Fatal(took)
		}
		var e *WaitError
		if !errors.As(err, &e) || e.TriggerID != id || !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		trigger(t, client, unlock(t))
		advance(t, 180000)
		must(t, <-other)
	}
}

// A loaded machine is slow.
const slowness = 10

func TestLog(t *testing.T) {
	config := config(t)
	var mutex sync.Mutex
	var lines []string
	must(t, config.SetLogger(LogDebug, func(level LogLevel, line string) {
		mutex.Lock()
		defer mutex.Unlock()
		lines = append(lines, level.String()+" "+line)
	}))
	client, err := NewClient(config)
	must(t, err)
	defer client.Close()
	trigger(t, client, unlock(t))
	log := strings.Join(lines, "\n")
	if !strings.Contains(log, "INFO ") || strings.Contains(log, token) {
		t.Fatal(log)
	}
}

func TestNonASCIIText(t *testing.T) {
	clearJournal(t)
	const name = "Jürgen 日本 🙂"
	client := client(t)
	id := trigger(t, client, request(t, "unlock_account", "userName", name)).TriggerID()
	var body struct {
		Variables map[string]string `json:"variables"`
	}
	must(t, json.Unmarshal([]byte(journalOf(t, "unlock_account")[0].Body), &body))
	equal(t, body.Variables["userName"], name)
	history, err := client.GetHistory(ctx, id)
	must(t, err)
	equal(t, history.Parameters()["userName"], name)
}

func TestEmbeddedNUL(t *testing.T) {
	clearJournal(t)
	client := client(t)
	const bad = "a\x00b"
	_, first := New(bad, token)
	_, second := New(url, bad)
	_, third := NewRequest(bad)
	fourth := unlock(t).SetVariable(bad, "x")
	fifth := unlock(t).SetVariable("userName", bad)
	_, sixth := client.Wait(ctx, bad, WaitOptions{})
	_, seventh := client.GetHistory(ctx, bad)
	for _, err := range []error{first, second, third, fourth, fifth, sixth, seventh} {
		equal(t, errors.Is(err, ErrInvalid), true)
	}
	equal(t, len(journalOf(t, "")), 0)
}

func TestIntegersOf64Bit(t *testing.T) {
	client := client(t)
	for _, contact := range []int64{9007199254740993, -1 << 63, 1<<63 - 1} {
		clearJournal(t)
		request := unlock(t)
		must(t, request.SetInitiator(contact, ApplicationChangegear))
		must(t, request.SetVariable("reason", "x"))
		result := trigger(t, client, request)
		if body := journalOf(t, "unlock_account")[0].Body; !strings.Contains(body, fmt.Sprintf(":%d", contact)) {
			t.Fatal(body)
		}
		history, err := client.GetHistory(ctx, result.TriggerID())
		must(t, err)
		started, err := history.Int64("/resultData/startTime")
		must(t, err)
		equal(t, started, history.StartTime().UnixMilli())
		text, err := history.Text("/resultData/startTime")
		must(t, err)
		equal(t, text, fmt.Sprint(started))
	}
}

func TestManyGoroutinesOnOneClient(t *testing.T) {
	clearJournal(t)
	client := client(t)
	var group sync.WaitGroup
	ids := make(chan string, 200)
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := 0; i < 25; i++ {
				result, err := client.Trigger(ctx, unlock(t))
				if err != nil {
					t.Error(err)
					return
				}
				ids <- result.TriggerID()
			}
		}()
	}
	group.Wait()
	close(ids)
	different := map[string]bool{}
	for id := range ids {
		different[id] = true
	}
	equal(t, len(different), 200)
	equal(t, len(journalOf(t, "unlock_account")), 200)
}

// panicOf returns what a function panics with.
func panicOf(function func()) (panicked *CallbackPanic) {
	defer func() { panicked, _ = recover().(*CallbackPanic) }()
	function()
	return nil
}

func TestAPanicInACallback(t *testing.T) {
	clearJournal(t)
	problem := errors.New("in the logger")
	logging := config(t)
	must(t, logging.SetLogger(LogInfo, func(LogLevel, string) { panic(problem) }))
	client, err := NewClient(logging)
	must(t, err)
	defer client.Close()
	panicked := panicOf(func() { _, _ = client.Trigger(ctx, unlock(t)) })
	equal(t, panicked.Value, problem)
	equal(t, panicked.Result.Outcome(), OutcomeAccepted)
	equal(t, len(journalOf(t, "unlock_account")), 1)

	providing := config(t)
	must(t, providing.SetTokenProvider(func() ([]byte, error) { panic(problem) }))
	other, err := NewClient(providing)
	must(t, err)
	defer other.Close()
	panicked = panicOf(func() { _, _ = other.Trigger(ctx, unlock(t)) })
	equal(t, panicked.Value, problem)
	equal(t, len(journalOf(t, "unlock_account")), 1)

	// The progress function runs in Go, so its panic is an ordinary one.
	quiet, err := New(url, token)
	must(t, err)
	defer quiet.Close()
	id := trigger(t, quiet, unlock(t)).TriggerID()
	defer func() { equal(t, recover(), problem) }()
	_, _ = quiet.Wait(ctx, id, WaitOptions{Progress: func(*Result) { panic(problem) }})
}

func TestAnyOrderOfRelease(t *testing.T) {
	for i := 0; i < 100; i++ {
		logging := config(t)
		must(t, logging.SetLogger(LogDebug, func(LogLevel, string) {}))
		client, err := NewClient(logging)
		must(t, err)
		logging.Close()
		logging = nil
		result := trigger(t, client, unlock(t))
		ended := make(chan error)
		go func() {
			_, err := client.Wait(ctx, "fault-hang", WaitOptions{})
			ended <- err
		}()
		if i%10 == 0 {
			time.Sleep(20 * time.Millisecond)
			runtime.GC()
		}
		client.Close()
		client.Close()
		if err := <-ended; err == nil {
			t.Fatal("the wait ended without an error")
		}
		_, err = client.Trigger(ctx, unlock(t))
		equal(t, errors.Is(err, ErrClosed), true)
		equal(t, len(result.TriggerID()), 36)
		result.Close()
		result.Close()
		equal(t, result.TriggerID(), "")
	}
}

func TestASetOfWaits(t *testing.T) {
	client := client(t)
	waits, err := client.NewWaitSet(1000)
	must(t, err)
	_, err = waits.Next(ctx)
	equal(t, asError(t, err).Status, StatusSetEmpty)
	ids := map[string]string{}
	first := ""
	for i := 0; i < 20; i++ {
		id := trigger(t, client, request(t, "reset_password", "userName", "jdoe")).TriggerID()
		must(t, waits.Add(id, time.Minute))
		ids[id], first = "", id
	}
	equal(t, asError(t, waits.Add(first, 0)).Status, StatusAlreadyInSet)
	must(t, waits.Remove(first))
	equal(t, asError(t, waits.Remove(first)).Status, StatusNotInSet)
	equal(t, errors.Is(waits.Add("a\x00b", 0), ErrInvalid), true)
	delete(ids, first)
	for running := 0; waits.Len() > 0; {
		event, err := waits.Next(ctx)
		must(t, err)
		must(t, event.Err)
		equal(t, event.Ended, event.Result.RunStatus().IsFinal())
		ids[event.TriggerID] += event.Result.RunStatus().String() + " "
		if running++; running == 19 {
			advance(t, 3000)
		}
	}
	equal(t, len(ids), 19)
	for _, seen := range ids {
		equal(t, seen, "RUNNING COMPLETED ")
	}

	server := trigger(t, client, request(t, "patch_server", "hostName", "h")).TriggerID()
	must(t, waits.Add(server, 300*time.Millisecond))
	event, err := waits.Next(ctx)
	must(t, err)
	equal(t, event.Ended, false)
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	_, err = waits.Next(short)
	equal(t, errors.Is(err, context.DeadlineExceeded), true)
	event, err = waits.Next(ctx)
	must(t, err)
	equal(t, event.Ended, true)
	equal(t, errors.Is(event.Err, ErrWait), true)
	equal(t, errors.Is(event.Err, ErrNotSent), false)
	equal(t, event.Err.(*WaitError).Status, StatusWaitTimeout)
	equal(t, event.Err.(*WaitError).TriggerID, server)

	must(t, waits.Add("fault-hang", 0))
	time.AfterFunc(200*time.Millisecond, waits.Close)
	_, err = waits.Next(ctx)
	equal(t, err, ErrClosed)
	equal(t, waits.Len(), 0)

	config, err := NewConfig(url, "wrong")
	must(t, err)
	wrong, err := NewClient(config)
	must(t, err)
	waits, err = wrong.NewWaitSet(0)
	must(t, err)
	defer waits.Close()
	must(t, waits.Add(server, 0))
	event, err = waits.Next(ctx)
	must(t, err)
	equal(t, event.TriggerID+event.Err.(*WaitError).Status.Name(), "LUMA_ERROR_UNAUTHORIZED")
	equal(t, event.Ended, false)
	must(t, wrong.SetAccessToken(token))
	event, err = waits.Next(ctx)
	must(t, err)
	equal(t, event.TriggerID, server)
	wrong.Close()
	_, err = waits.Next(ctx)
	equal(t, asError(t, err).Status, StatusCancelled)
}

func TestDrainCountersAndConnect(t *testing.T) {
	client := client(t)
	connection, err := client.Connect(ctx)
	must(t, err)
	equal(t, strings.HasPrefix(connection.PeerAddress(), "127.0.0.1:"), true)
	equal(t, connection.TLSVersion(), "")
	equal(t, connection.CertificateExpires().IsZero(), true)
	named, err := client.WithRequestID("INC-1")
	must(t, err)
	quick, err := named.WithTimeout(5 * time.Second)
	must(t, err)
	result := trigger(t, quick, unlock(t))
	equal(t, result.RequestID(), "INC-1")
	equal(t, result.ConnectionReused(), true)
	equal(t, result.Attempts(), 1)
	equal(t, result.HTTPStatus(), 200)
	equal(t, result.RetryAfter(), time.Duration(-1))
	equal(t, result.Timing(TimingTLS), time.Duration(-1))
	equal(t, result.Timing(TimingTotal) > 0, true)
	equal(t, client.Counter(CounterCallsAccepted), int64(2))
	equal(t, CounterCallsAccepted.String(), "CALLS_ACCEPTED")
	drained, err := client.Drain(time.Second)
	must(t, err)
	equal(t, drained, true)
	_, err = client.Trigger(ctx, unlock(t))
	equal(t, err, ErrClosed)
	equal(t, client.Counter(CounterCallsAccepted), int64(-1))
}

type table struct {
	rows map[string][]string
	err  error
}

func (s *table) Claim(key, digest string, intent json.RawMessage) (Claim, string, error) {
	row, ok := s.rows[key]
	switch {
	case s.err != nil:
		return 0, "", s.err
	case !ok:
		s.rows[key] = []string{digest, "", ""}
		return ClaimGranted, "", nil
	case row[0] != digest:
		return ClaimOtherRequest, "", nil
	case row[1] == "ACCEPTED":
		return ClaimAccepted, row[2], nil
	}
	return ClaimUnresolved, "", nil
}

func (s *table) Complete(key string, outcome Outcome, triggerID string) error {
	s.rows[key] = []string{s.rows[key][0], outcome.String(), triggerID}
	if key == "full" {
		return errors.New("the disk is full")
	}
	return nil
}

func TestAStore(t *testing.T) {
	clearJournal(t)
	client, store := client(t), &table{rows: map[string][]string{}}
	once := func(key string, request *Request) (*Result, error) {
		return client.TriggerOnceWithStore(ctx, store, "secret", key, request)
	}
	first, err := once("k1", unlock(t))
	must(t, err)
	again, err := once("k1", unlock(t))
	must(t, err)
	equal(t, again.AlreadyAccepted(), true)
	equal(t, again.TriggerID(), first.TriggerID())
	_, err = once("k1", request(t, "unlock_account", "userName", "other"))
	equal(t, asError(t, err).Status, StatusKeyOtherRequest)
	equal(t, len(journalOf(t, "unlock_account")), 1)
	for i := 0; i < 2; i++ {
		_, err = once("k2", request(t, "fault-close-after-reading"))
		equal(t, errors.Is(err, ErrUnknown), true)
	}
	equal(t, len(journalOf(t, "fault-close-after-reading")), 1)
	full, err := once("full", unlock(t))
	must(t, err)
	equal(t, full.JournalRecorded(), false)
	store.err = errors.New("the table is gone")
	_, err = once("k3", unlock(t))
	equal(t, errors.Is(err, store.err), true)
	equal(t, asError(t, err).Status, StatusJournalStore)
	equal(t, len(journalOf(t, "unlock_account")), 2)
}

func TestTheRest(t *testing.T) {
	client := client(t)
	equal(t, Version() != "", true)
	result, err := client.TriggerJSON(ctx, []byte(`{"workflowIdentifier":"unlock_account","variables":{"userName":"x"}}`))
	if err == nil {
		equal(t, result.Outcome(), OutcomeAccepted)
	}
	request := unlock(t)
	must(t, request.SetVariable("tags", []int{1, 2}))
	must(t, request.ExcludeFromDigest("tags"))
	must(t, request.SetInitiationInfo("ticketIdentifier", "INC-1"))
	equal(t, asError(t, request.SetVariable("", 1)).Status, StatusVariableName)
	id := trigger(t, client, request).TriggerID()
	advance(t, 60000)
	run, err := client.Wait(ctx, id, WaitOptions{Timeout: 10 * time.Second, UntilSuspended: true})
	must(t, err)
	equal(t, run.TimeSpent(), run.EndTime().Sub(run.StartTime()))
	equal(t, run.PollCount() >= 1, true)
	config, err := NewConfigFromEnvironment()
	must(t, err)
	equal(t, config.JournalFolder(), "")

	folder := filepath.Join(t.TempDir(), "journal")
	must(t, CreateJournal(folder, url))
	journal, err := OpenJournal(folder)
	must(t, err)
	_, err = client.TriggerOnce(ctx, journal, "k", unlock(t))
	must(t, err)
	entry, err := journal.NewAttempt("k", "jdoe", "opened again")
	must(t, err)
	equal(t, entry.State, "RELEASED")
	count, err := journal.Prune(24 * time.Hour)
	must(t, err)
	equal(t, count, 0)
}

func TestEverySetting(t *testing.T) {
	file := func(name string) string { return filepath.Join(os.Getenv("LUMA_CERTIFICATES"), name) }
	read := func(name string) []byte {
		text, err := os.ReadFile(name)
		must(t, err)
		return text
	}
	ca, chain, key := file("ca.pem"), file("client-ec.pem"), file("client-ec.sec1.key")
	folder := t.TempDir()
	text, lines := filepath.Join(folder, "text"), filepath.Join(folder, "json")
	for _, pem := range []bool{false, true} {
		config := config(t)
		must(t, config.SetAuthScheme(AuthBearer))
		must(t, config.SetConnectTimeout(5*time.Second))
		must(t, config.SetTimeout(10*time.Second))
		must(t, config.SetMaxResponseBytes(1e6))
		must(t, config.SetTriggerMaxIdle(time.Second))
		must(t, config.SetReadMaxIdle(2*time.Second))
		must(t, config.SetMaxIdleConnections(4))
		must(t, config.SetRetries(false))
		must(t, config.SetAllowHTTP(true))
		must(t, config.SetProxy("direct"))
		must(t, config.SetAutoProxy(false))
		must(t, config.SetApplicationID("Tests/1.0"))
		if pem {
			must(t, config.SetCAPEM(read(ca)))
			must(t, config.AddCAPEM(read(ca)))
			must(t, config.SetClientCertificatePEM(read(chain), read(key)))
			must(t, config.LogToJSONFile(LogInfo, lines))
		} else {
			must(t, config.SetCAFile(ca))
			must(t, config.AddCAFile(ca))
			must(t, config.SetClientCertificateFile(chain, key))
			must(t, config.LogToFile(LogInfo, text))
		}
		client, err := NewClient(config)
		must(t, err)
		trigger(t, client, unlock(t))
		client.Close()
	}
	equal(t, bytes.Contains(read(text), []byte("unlock_account")), true)
	equal(t, json.Valid(bytes.SplitN(read(lines), []byte("\n"), 2)[0]), true)
	config := config(t)
	equal(t, asError(t, config.SetCAPEM([]byte("x"))).Status, StatusCAPEM)
	equal(t, asError(t, config.SetProxy("x://")).Status, StatusProxy)
	equal(t, asError(t, config.SetTimeout(0)).Status, StatusTimeoutRange)
	equal(t, asError(t, config.SetMaxIdleConnections(-1)).Status.Name(), "LUMA_ERROR_MAX_IDLE_CONNECTIONS")
	equal(t, errors.Is(config.SetClientCertificateFile(chain, "a\x00b"), ErrInvalid), true)
}

func TestOncePerKey(t *testing.T) {
	clearJournal(t)
	client := client(t)
	folder := filepath.Join(t.TempDir(), "journal")
	must(t, CreateJournal(folder, url))
	journal, err := OpenJournal(folder)
	must(t, err)
	defer journal.Close()
	first, err := client.TriggerOnce(ctx, journal, "100-1", unlock(t))
	must(t, err)
	second, err := client.TriggerOnce(ctx, journal, "100-1", unlock(t))
	must(t, err)
	equal(t, second.Status(), StatusAlreadyAccepted)
	equal(t, second.TriggerID(), first.TriggerID())
	_, err = client.TriggerOnce(ctx, journal, "100-1", request(t, "unlock_account", "userName", "other"))
	equal(t, asError(t, err).Status, StatusKeyOtherRequest)
	equal(t, len(journalOf(t, "unlock_account")), 1)
	entry, err := journal.Find("100-1")
	must(t, err)
	equal(t, entry.State, "ACCEPTED")
	equal(t, entry.TriggerID, first.TriggerID())
	for i := 0; i < 2; i++ {
		_, err = client.TriggerOnce(ctx, journal, "100-2", request(t, "fault-close-after-reading"))
		equal(t, errors.Is(err, ErrUnknown), true)
	}
	equal(t, len(journalOf(t, "fault-close-after-reading")), 1)
	unfinished, err := journal.Unfinished()
	must(t, err)
	equal(t, len(unfinished), 2)
	_, err = journal.Resolve("100-2", "", "tester", "nothing was found")
	must(t, err)
	_, err = journal.Acknowledge("100-1")
	must(t, err)
	unfinished, err = journal.Unfinished()
	must(t, err)
	equal(t, len(unfinished), 0)
}

func TestErrorsOfAJournal(t *testing.T) {
	clearJournal(t)
	client := client(t)
	folder := filepath.Join(t.TempDir(), "journal")
	_, err := OpenJournal(folder)
	equal(t, asError(t, err).Status, StatusJournalFolder)
	must(t, CreateJournal(folder, url))
	journal, err := OpenJournal(folder)
	must(t, err)
	defer journal.Close()
	first, err := client.TriggerOnce(ctx, journal, "100-1", unlock(t))
	must(t, err)
	second, err := client.TriggerOnce(ctx, journal, "100-1", unlock(t))
	must(t, err)
	equal(t, second.AlreadyAccepted(), true)
	equal(t, second.JournalTime().IsZero(), false)
	equal(t, second.JournalTime(), first.JournalTime())
	equal(t, trigger(t, client, unlock(t)).JournalTime().IsZero(), true)
	_, err = client.TriggerOnce(ctx, journal, "100-1", request(t, "unlock_account", "userName", "other"))
	equal(t, errors.Is(err, ErrNotSent), true)
	must(t, os.RemoveAll(folder))
	_, err = client.TriggerOnce(ctx, journal, "100-2", unlock(t))
	equal(t, errors.Is(err, ErrNotSent), true)
	equal(t, asError(t, err).Status, StatusJournalFolder)
	_, err = journal.Unfinished()
	equal(t, asError(t, err).Status, StatusJournalFolder)
	equal(t, errors.Is(err, ErrNotSent), false)
	equal(t, len(journalOf(t, "unlock_account")), 2)
}

func TestAClientKeepsItsCallbacks(t *testing.T) {
	config := config(t)
	var first, second int
	must(t, config.SetLogger(LogInfo, func(LogLevel, string) { first++ }))
	old, err := NewClient(config)
	must(t, err)
	defer old.Close()
	must(t, config.SetLogger(LogInfo, func(LogLevel, string) { second++ }))
	config.Close()
	runtime.GC()
	trigger(t, old, unlock(t))
	equal(t, first > 0, true)
	equal(t, second, 0)
}

func TestLimitsOfArguments(t *testing.T) {
	client := client(t)
	id := trigger(t, client, request(t, "patch_server", "hostName", "h")).TriggerID()
	set, err := client.NewWaitSet(0)
	must(t, err)
	defer set.Close()
	for _, wrong := range []time.Duration{-1, -time.Millisecond, math.MinInt64, math.MaxInt64, 25 * time.Hour} {
		_, err := client.Wait(ctx, id, WaitOptions{Timeout: wrong})
		equal(t, errors.Is(err, ErrInvalid), true)
		equal(t, asError(t, err).Status, StatusTimeoutRange)
		equal(t, asError(t, set.Add(id, wrong)).Status, StatusTimeoutRange)
		_, err = client.WithTimeout(wrong)
		equal(t, asError(t, err).Status, StatusTimeoutRange)
		equal(t, asError(t, config(t).SetTimeout(wrong)).Status, StatusTimeoutRange)
	}
	equal(t, set.Len(), 0)
	_, err = client.Wait(ctx, id, WaitOptions{Timeout: 1})
	equal(t, errors.Is(err, ErrWait), true)
	// A mistake in a request is not ErrNotSent, because repeating it is useless.
	request := unlock(t)
	must(t, request.SetInitiator(1, ApplicationISM))
	_, err = client.Trigger(ctx, request)
	equal(t, asError(t, err).Status, StatusTicketIdentifier)
	equal(t, errors.Is(err, ErrInvalid), true)
	equal(t, errors.Is(err, ErrNotSent), false)
}

func residentKiB(t *testing.T) (kib int) {
	status, err := os.ReadFile("/proc/self/status")
	must(t, err)
	for _, line := range strings.Split(string(status), "\n") {
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kib); err == nil {
			return kib
		}
	}
	t.Fatal("no VmRSS")
	return
}

func TestFlatMemory(t *testing.T) {
	client := client(t)
	triggers := func(count int) {
		for i := 0; i < count; i++ {
			request := unlock(t)
			result := trigger(t, client, request)
			result.Close()
			request.Close()
			if i%1000 == 0 {
				clearJournal(t)
			}
		}
		runtime.GC()
	}
	triggers(1000)
	before := residentKiB(t)
	triggers(10000)
	if after := residentKiB(t); after > before+4096 {
		t.Fatalf("from %d to %d KiB", before, after)
	}
}

func TestConstants(t *testing.T) {
	for name, value := range constants {
		switch {
		case name == "LUMA_OK" || name == "LUMA_ALREADY_ACCEPTED" || strings.HasPrefix(name, "LUMA_ERROR_"):
			equal(t, Status(value).Name(), name)
		case strings.HasPrefix(name, "LUMA_OUTCOME_"):
			equal(t, "LUMA_OUTCOME_"+Outcome(value).String(), name)
		case strings.HasPrefix(name, "LUMA_RUN_") && value != 0:
			equal(t, "LUMA_RUN_"+RunStatus(value).String(), name)
		case strings.HasPrefix(name, "LUMA_LOG_"):
			equal(t, "LUMA_LOG_"+LogLevel(value).String(), name)
		}
	}
}

func TestTokenProvider(t *testing.T) {
	config := config(t)
	calls := 0
	must(t, config.SetTokenProvider(func() ([]byte, error) {
		calls++
		if calls == 1 {
			// Longer than the first buffer.
			return bytes.Repeat([]byte("w"), 3000), nil
		}
		return []byte(token), nil
	}))
	client, err := NewClient(config)
	must(t, err)
	defer client.Close()
	trigger(t, client, unlock(t))
	equal(t, calls, 2)
}

func TestHeadersAndSecretVariables(t *testing.T) {
	clearJournal(t)
	const secret = "s3cr3t-value-of-the-variable"
	config := config(t)
	must(t, config.AddHeader("X-Tenant", "t1"))
	equal(t, asError(t, config.AddHeader("Host", "h")).Status, StatusHeader)
	var log strings.Builder
	must(t, config.SetLogger(LogDebug, func(_ LogLevel, line string) { log.WriteString(line) }))
	client, err := NewClient(config)
	must(t, err)
	defer client.Close()
	request := request(t, "unlock_account")
	must(t, request.SetSecretVariable("userName", []byte(secret)))
	result := trigger(t, client, request)
	shown := result.String() + string(result.JSON()) + log.String()
	equal(t, strings.Contains(shown, secret), false)
	equal(t, strings.Contains(journalOf(t, "unlock_account")[0].Body, secret), true)
}

func TestConfigurationFile(t *testing.T) {
	folder := t.TempDir()
	tokenFile := filepath.Join(folder, "token")
	must(t, os.WriteFile(tokenFile, []byte(token+"\n"), 0o600))
	file := filepath.Join(folder, "luma.json")
	write := func(settings map[string]any) {
		text, err := json.Marshal(settings)
		must(t, err)
		must(t, os.WriteFile(file, text, 0o600))
	}
	write(map[string]any{"base_url": url, "token_file": tokenFile})
	config, err := NewConfigFromFile(file, "")
	must(t, err)
	client, err := NewClient(config)
	must(t, err)
	defer client.Close()
	trigger(t, client, unlock(t))
	write(map[string]any{"base_url": url, "token_file": tokenFile, "tiemout_ms": 1})
	_, err = NewConfigFromFile(file, "")
	if err == nil || !strings.Contains(err.Error(), "tiemout_ms") {
		t.Fatal(err)
	}
}

func TestACallThatTheContextEnds(t *testing.T) {
	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	_, err := client(t).Trigger(short, request(t, "fault-hang"))
	if !errors.Is(err, ErrUnknown) || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	_, err = client(t).Trigger(short, unlock(t))
	equal(t, errors.Is(err, ErrNotSent), true)
}

// Last, because the token of the other tests stops working.
func TestSecrets(t *testing.T) {
	client := client(t)
	id := trigger(t, client, unlock(t)).TriggerID()
	launch, err := client.GenerateLaunchURL(ctx, id)
	must(t, err)
	equal(t, bytes.HasPrefix(launch.LaunchURL(), []byte("http")), true)
	super, tenant := os.Getenv("LUMA_SUPER_ADMIN_TOKEN"), os.Getenv("LUMA_TENANT_EXTERNAL_ID")
	regenerated, err := client.RegenerateTenantToken(ctx, super, tenant)
	must(t, err)
	for secret, result := range map[string]*Result{
		string(launch.LaunchURL()): launch, string(regenerated.AccessToken()): regenerated,
	} {
		equal(t, len(secret) > 0, true)
		equal(t, strings.Contains(result.String()+string(result.JSON()), secret), false)
	}
}
