package luma

/*
#include "bridge.h"
*/
import "C"

import (
	"encoding/json"
	"time"
	"unsafe"
)

// A Journal is a folder that remembers which keys were triggered, for Client.TriggerOnce. Any
// number of goroutines and processes of one machine may use it.
type Journal struct {
	h *handle
}

// A JournalEntry is what a journal knows about a key.
type JournalEntry struct {
	Key string `json:"key"`
	// ACCEPTED, REJECTED, NOT_SENT, UNKNOWN, IN_PROGRESS or RELEASED; DAMAGED for a file that cannot
	// be read.
	State     string `json:"state"`
	TriggerID string `json:"triggerId"`
	// When the key reached its state.
	Time time.Time `json:"-"`
	// Everything, with the history.
	JSON json.RawMessage `json:"-"`
}

// CreateJournal creates the journal of a gateway in a new folder, once.
func CreateJournal(folder, baseURL string) error {
	var s cStrings
	defer func() { s.free() }()
	cFolder, err := s.add("folder", folder)
	if err != nil {
		return err
	}
	url, err := s.add("baseURL", baseURL)
	if err != nil {
		return err
	}
	var reason *C.luma_result
	return reasonError(C.luma_journal_create(cFolder, url, &reason), reason)
}

// OpenJournal opens a journal. It is never created: a wrong path must not look like an empty one.
func OpenJournal(folder string) (*Journal, error) {
	c, err := cString("folder", folder)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(c))
	var out *C.luma_journal
	var reason *C.luma_result
	if err := reasonError(C.luma_journal_open(c, &out, &reason), reason); err != nil {
		return nil, err
	}
	free := func(p unsafe.Pointer) { C.luma_journal_free((*C.luma_journal)(p)) }
	return &Journal{newHandle(unsafe.Pointer(out), free, nil)}, nil
}

// Close closes the journal, after calls in progress. The folder stays.
func (j *Journal) Close() {
	j.h.close()
}

func (j *Journal) call(function func(p *C.luma_journal, out **C.luma_result) C.int32_t) (*Result, error) {
	p := (*C.luma_journal)(j.h.acquire())
	if p == nil {
		return nil, ErrClosed
	}
	defer j.h.release()
	var out *C.luma_result
	function(p, &out)
	result := newResult(out)
	return result, callError(result, nil)
}

func (j *Journal) entry(texts map[string]string, function func(p *C.luma_journal, c map[string]*C.char, out **C.luma_result) C.int32_t) (JournalEntry, error) {
	var s cStrings
	defer func() { s.free() }()
	c := map[string]*C.char{}
	for name, text := range texts {
		var err error
		if c[name], err = s.add(name, text); err != nil {
			return JournalEntry{}, err
		}
	}
	result, err := j.call(func(p *C.luma_journal, out **C.luma_result) C.int32_t { return function(p, c, out) })
	if err != nil {
		return JournalEntry{}, err
	}
	return entryOf(result.JSON())
}

func entryOf(data json.RawMessage) (JournalEntry, error) {
	entry := JournalEntry{JSON: data}
	var at struct {
		Time *int64 `json:"time"`
	}
	err := firstError(json.Unmarshal(data, &entry), json.Unmarshal(data, &at))
	if at.Time != nil {
		entry.Time = time.UnixMilli(*at.Time)
	}
	return entry, err
}

// Find returns what the journal knows about a key. An unknown key is an error with the status
// StatusKeyNotFound.
func (j *Journal) Find(key string) (JournalEntry, error) {
	return j.entry(map[string]string{"key": key}, func(p *C.luma_journal, c map[string]*C.char, out **C.luma_result) C.int32_t {
		return C.luma_journal_find(p, c["key"], out)
	})
}

// Unfinished returns the keys that somebody has to look at, oldest first: those whose outcome is
// unknown, and accepted ones whose end nobody acknowledged.
func (j *Journal) Unfinished() ([]JournalEntry, error) {
	result, err := j.call(func(p *C.luma_journal, out **C.luma_result) C.int32_t {
		return C.luma_journal_unfinished(p, out)
	})
	if err != nil {
		return nil, err
	}
	var list struct {
		Entries []json.RawMessage `json:"entries"`
	}
	if err := json.Unmarshal(result.JSON(), &list); err != nil {
		return nil, err
	}
	entries := make([]JournalEntry, len(list.Entries))
	for i, data := range list.Entries {
		if entries[i], err = entryOf(data); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// Acknowledge records that the end of the run was seen.
func (j *Journal) Acknowledge(key string) (JournalEntry, error) {
	return j.entry(map[string]string{"key": key}, func(p *C.luma_journal, c map[string]*C.char, out **C.luma_result) C.int32_t {
		return C.luma_journal_acknowledge(p, c["key"], out)
	})
}

// Resolve settles a key whose outcome is unknown, after a person has looked: with the trigger id of
// its run, or with "" if there is none, so that the next call sends again.
func (j *Journal) Resolve(key, triggerID, who, reason string) (JournalEntry, error) {
	texts := map[string]string{"key": key, "who": who, "reason": reason}
	if triggerID != "" {
		texts["triggerID"] = triggerID
	}
	return j.entry(texts, func(p *C.luma_journal, c map[string]*C.char, out **C.luma_result) C.int32_t {
		return C.luma_journal_resolve(p, c["key"], c["triggerID"], c["who"], c["reason"], out)
	})
}

// NewAttempt allows one more run for a key that was accepted.
func (j *Journal) NewAttempt(key, who, reason string) (JournalEntry, error) {
	texts := map[string]string{"key": key, "who": who, "reason": reason}
	return j.entry(texts, func(p *C.luma_journal, c map[string]*C.char, out **C.luma_result) C.int32_t {
		return C.luma_journal_new_attempt(p, c["key"], c["who"], c["reason"], out)
	})
}

// Prune removes keys that have not changed for this long, except unfinished ones, and returns how
// many. A removed key can be triggered again.
func (j *Journal) Prune(olderThan time.Duration) (int, error) {
	result, err := j.call(func(p *C.luma_journal, out **C.luma_result) C.int32_t {
		return C.luma_journal_prune(p, milliseconds(olderThan), out)
	})
	if err != nil {
		return 0, err
	}
	return int(read(result, func(p *C.luma_result) C.size_t { return C.luma_result_journal_count(p) })), nil
}
