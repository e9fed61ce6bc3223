package luma

/*
#include "bridge.h"
*/
import "C"

import (
	"time"
	"unsafe"
)

// A Config has the settings of a client. One goroutine at a time may use it.
type Config struct {
	h *handle
	// Replaced, not changed, by a setter: clients keep those that they were created with.
	logger, provider *callbacksRef
}

func newConfig(p *C.luma_config) *Config {
	free := func(p unsafe.Pointer) { C.luma_config_free((*C.luma_config)(p)) }
	return &Config{h: newHandle(unsafe.Pointer(p), free, nil)}
}

// reasonError turns the reason of a failed constructor into an error.
func reasonError(status C.int32_t, reason *C.luma_result) error {
	result := newResult(reason)
	if Status(status) == StatusOK {
		return nil
	}
	return callError(result, nil)
}

// NewConfig creates settings. The URL has the form https://host[:port][/prefix].
func NewConfig(baseURL, accessToken string) (*Config, error) {
	var s cStrings
	defer func() { s.free() }()
	url, err := s.add("baseURL", baseURL)
	if err != nil {
		return nil, err
	}
	token, err := s.add("accessToken", accessToken)
	if err != nil {
		return nil, err
	}
	var out *C.luma_config
	var reason *C.luma_result
	status := C.luma_config_new_with_reason(url, token, &out, &reason)
	if err := reasonError(status, reason); err != nil {
		return nil, err
	}
	return newConfig(out), nil
}

// NewConfigFromFile reads settings from a configuration file. An empty path means the default
// file, an empty profile the file's default.
func NewConfigFromFile(path, profile string) (*Config, error) {
	var s cStrings
	defer func() { s.free() }()
	var cPath, cProfile *C.char
	var err error
	if path != "" {
		if cPath, err = s.add("path", path); err != nil {
			return nil, err
		}
	}
	if profile != "" {
		if cProfile, err = s.add("profile", profile); err != nil {
			return nil, err
		}
	}
	var out *C.luma_config
	var reason *C.luma_result
	status := C.luma_config_new_from_file(cPath, cProfile, &out, &reason)
	if err := reasonError(status, reason); err != nil {
		return nil, err
	}
	return newConfig(out), nil
}

// NewConfigFromEnvironment reads settings from LUMA_URL and the like, or from the file that the
// environment selects.
func NewConfigFromEnvironment() (*Config, error) {
	var out *C.luma_config
	var reason *C.luma_result
	status := C.luma_config_new_from_environment(&out, &reason)
	if err := reasonError(status, reason); err != nil {
		return nil, err
	}
	return newConfig(out), nil
}

// set calls a setter, and returns its error with the message.
func (c *Config) set(setter func(*C.luma_config) C.int32_t) error {
	p := (*C.luma_config)(c.h.acquire())
	if p == nil {
		return ErrClosed
	}
	defer c.h.release()
	status := setter(p)
	if Status(status) == StatusOK {
		return nil
	}
	return &Error{
		Status:  Status(status),
		Outcome: OutcomeNotSent,
		Message: C.GoString(C.luma_config_message(p)),
	}
}

func (c *Config) setText(name, text string, setter func(*C.luma_config, *C.char) C.int32_t) error {
	var s cStrings
	defer func() { s.free() }()
	value, err := s.add(name, text)
	if err != nil {
		return err
	}
	return c.set(func(p *C.luma_config) C.int32_t { return setter(p, value) })
}

func (c *Config) setPair(first, second, a, b string, setter func(p *C.luma_config, a, b *C.char) C.int32_t) error {
	var s cStrings
	defer func() { s.free() }()
	cA, err := s.add(first, a)
	if err != nil {
		return err
	}
	cB, err := s.add(second, b)
	if err != nil {
		return err
	}
	return c.set(func(p *C.luma_config) C.int32_t { return setter(p, cA, cB) })
}

// SetTimeout limits each call, from 1 ms to 24 h.
func (c *Config) SetTimeout(d time.Duration) error {
	return c.set(func(p *C.luma_config) C.int32_t { return C.luma_config_set_timeout_ms(p, milliseconds(d)) })
}

// SetConnectTimeout limits the time until a connection is open.
func (c *Config) SetConnectTimeout(d time.Duration) error {
	return c.set(func(p *C.luma_config) C.int32_t { return C.luma_config_set_connect_timeout_ms(p, milliseconds(d)) })
}

// SetRetries turns retries off or on.
func (c *Config) SetRetries(on bool) error {
	return c.set(func(p *C.luma_config) C.int32_t { return C.luma_config_set_retries(p, boolean(on)) })
}

// SetAuthScheme selects the header that carries the token.
func (c *Config) SetAuthScheme(scheme AuthScheme) error {
	return c.set(func(p *C.luma_config) C.int32_t { return C.luma_config_set_auth_scheme(p, C.int32_t(scheme)) })
}

// SetAllowHTTP allows http:// to other hosts than this one. The token is sent in clear then.
func (c *Config) SetAllowHTTP(on bool) error {
	return c.set(func(p *C.luma_config) C.int32_t { return C.luma_config_set_allow_http(p, boolean(on)) })
}

// SetProxy sets the URL of a proxy, in place of the environment's; "direct" means none.
func (c *Config) SetProxy(url string) error {
	return c.setText("url", url, func(p *C.luma_config, url *C.char) C.int32_t { return C.luma_config_set_proxy(p, url) })
}

// SetAutoProxy sets whether Windows may find the proxy, by detection or with a PAC script.
func (c *Config) SetAutoProxy(on bool) error {
	return c.set(func(p *C.luma_config) C.int32_t { return C.luma_config_set_auto_proxy(p, boolean(on)) })
}

// SetCAFile trusts the CA certificates in a PEM file, in place of the system's.
func (c *Config) SetCAFile(path string) error {
	return c.setText("path", path, func(p *C.luma_config, path *C.char) C.int32_t { return C.luma_config_set_ca_file(p, path) })
}

// AddCAFile also trusts the CA certificates in a PEM file.
func (c *Config) AddCAFile(path string) error {
	return c.setText("path", path, func(p *C.luma_config, path *C.char) C.int32_t { return C.luma_config_add_ca_file(p, path) })
}

// SetClientCertificateFile sets the certificate chain and the key of the client.
func (c *Config) SetClientCertificateFile(chainPath, keyPath string) error {
	return c.setPair("chainPath", "keyPath", chainPath, keyPath, func(p *C.luma_config, chain, key *C.char) C.int32_t {
		return C.luma_config_set_client_certificate_file(p, chain, key)
	})
}

// SetClientCertificatePEM sets the certificate chain and the key of the client.
func (c *Config) SetClientCertificatePEM(chain, key []byte) error {
	return c.setPair("chain", "key", string(chain), string(key), func(p *C.luma_config, chain, key *C.char) C.int32_t {
		return C.luma_config_set_client_certificate_pem(p, chain, key)
	})
}

// SetCAPEM trusts these CA certificates, in place of the system's.
func (c *Config) SetCAPEM(certificates []byte) error {
	return c.setText("certificates", string(certificates), func(p *C.luma_config, pem *C.char) C.int32_t {
		return C.luma_config_set_ca_pem(p, pem)
	})
}

// AddCAPEM also trusts these CA certificates.
func (c *Config) AddCAPEM(certificates []byte) error {
	return c.setText("certificates", string(certificates), func(p *C.luma_config, pem *C.char) C.int32_t {
		return C.luma_config_add_ca_pem(p, pem)
	})
}

// SetMaxResponseBytes limits the size of a response.
func (c *Config) SetMaxResponseBytes(bytes int64) error {
	return c.set(func(p *C.luma_config) C.int32_t { return C.luma_config_set_max_response_bytes(p, C.int64_t(bytes)) })
}

// SetTriggerMaxIdle limits how long a connection may have been idle that a trigger uses.
func (c *Config) SetTriggerMaxIdle(d time.Duration) error {
	return c.set(func(p *C.luma_config) C.int32_t { return C.luma_config_set_trigger_max_idle_ms(p, milliseconds(d)) })
}

// SetReadMaxIdle limits how long a connection may have been idle that another call uses.
func (c *Config) SetReadMaxIdle(d time.Duration) error {
	return c.set(func(p *C.luma_config) C.int32_t { return C.luma_config_set_read_max_idle_ms(p, milliseconds(d)) })
}

// SetMaxIdleConnections limits the number of idle connections.
func (c *Config) SetMaxIdleConnections(count int) error {
	return c.set(func(p *C.luma_config) C.int32_t { return C.luma_config_set_max_idle_connections(p, C.int64_t(count)) })
}

// LogToFile appends the log to a file, in place of a Logger.
func (c *Config) LogToFile(level LogLevel, path string) error {
	return c.setText("path", path, func(p *C.luma_config, path *C.char) C.int32_t {
		return C.luma_config_log_to_file(p, C.int32_t(level), path)
	})
}

// LogToJSONFile appends the log to a file, one JSON object per line.
func (c *Config) LogToJSONFile(level LogLevel, path string) error {
	return c.setText("path", path, func(p *C.luma_config, path *C.char) C.int32_t {
		return C.luma_config_log_to_json_file(p, C.int32_t(level), path)
	})
}

// AddHeader sends a header with every request. Its value is a secret: it is masked wherever it is
// shown.
func (c *Config) AddHeader(name, value string) error {
	return c.setPair("name", "value", name, value, func(p *C.luma_config, name, value *C.char) C.int32_t {
		return C.luma_config_add_header(p, name, value)
	})
}

// SetApplicationID puts the name of the program in front of the User-Agent.
func (c *Config) SetApplicationID(id string) error {
	return c.setText("id", id, func(p *C.luma_config, id *C.char) C.int32_t { return C.luma_config_set_application_id(p, id) })
}

// SetLogger sets where the log goes, up to a level; nil turns it off. The logger is called on the
// goroutine of the call, on several at once if several goroutines make calls.
func (c *Config) SetLogger(level LogLevel, logger Logger) error {
	var ref *callbacksRef
	var number C.uintptr_t
	if logger != nil {
		ref = newCallbacks(callbacks{logger: logger})
		number = C.uintptr_t(ref.number)
	}
	err := c.set(func(p *C.luma_config) C.int32_t { return C.luma_go_set_log(p, C.int32_t(level), number) })
	if err == nil {
		c.logger = ref
	}
	return err
}

// SetTokenProvider sets a function that returns the current access token.
func (c *Config) SetTokenProvider(provider TokenProvider) error {
	var ref *callbacksRef
	var number C.uintptr_t
	if provider != nil {
		ref = newCallbacks(callbacks{provider: provider})
		number = C.uintptr_t(ref.number)
	}
	err := c.set(func(p *C.luma_config) C.int32_t { return C.luma_go_set_token_provider(p, number) })
	if err == nil {
		c.provider = ref
	}
	return err
}

// JournalFolder returns the folder of the journal that the configuration file or the environment
// names, or "".
func (c *Config) JournalFolder() string {
	p := (*C.luma_config)(c.h.acquire())
	if p == nil {
		return ""
	}
	defer c.h.release()
	return C.GoString(C.luma_config_journal_folder(p))
}

// Close frees the settings. Clients keep theirs. The garbage collector does it too.
func (c *Config) Close() {
	c.h.close()
}
