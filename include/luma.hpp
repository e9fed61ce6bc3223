/*
 * luma.hpp - C++17 over luma.h: owners that free themselves, exceptions, ranges
 *
 * Header-only; link the same library. Each member function is the function of luma.h with its
 * name: what it does, its units, limits and statuses stand there. What differs:
 *
 * Owners: client, config, trigger_request and result can be moved, not copied. One that was moved
 *     from may only be destroyed or assigned to; all else is refused like a NULL in C.
 * Failure: a status other than LUMA_OK is thrown as luma::error, which also holds the result. Its
 *     outcome says what is certain, as in C: after outcome::unknown, a workflow may be running.
 * Ignored: the result of a call or a wait, a status and an outcome are [[nodiscard]].
 * Strings: arguments are text: a literal, a std::string or a std::string_view, in UTF-8; in C++20
 *     those of char8_t too. One with a NUL inside is refused as LUMA_ERROR_UTF8_ARGUMENT_..., for C
 *     would cut it there. A getter gives a std::string_view that is borrowed from its result, and
 *     cannot be asked of a temporary.
 * Times: std::chrono. What the gateway did not tell is std::nullopt.
 * Threads, Fork: as in luma.h. An error may be copied to another thread, like any exception.
 * Exceptions: luma::error, what a callback of a wait throws (the wait ends, and throws it again on
 *     this side of the C library), and what the standard library throws when memory runs out.
 */
#ifndef LUMA_HPP
#define LUMA_HPP

#if !(defined(_MSVC_LANG) ? _MSVC_LANG >= 201703L : __cplusplus >= 201703L)
#error "luma.hpp needs C++17"
#endif

#include "luma.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace luma {

/** What is certain about a request. */
enum class [[nodiscard]] outcome : std::int32_t {
    none = 0, /**< There is no result. */
    accepted = LUMA_OUTCOME_ACCEPTED,
    rejected = LUMA_OUTCOME_REJECTED,
    not_sent = LUMA_OUTCOME_NOT_SENT,
    unknown = LUMA_OUTCOME_UNKNOWN
};

/** How far a run or a step has come. */
enum class [[nodiscard]] run_status : std::int32_t {
    none = LUMA_RUN_NONE,
    running = LUMA_RUN_RUNNING,
    suspended = LUMA_RUN_SUSPENDED,
    activated = LUMA_RUN_ACTIVATED,
    completed = LUMA_RUN_COMPLETED,
    failed = LUMA_RUN_FAILED,
    terminated = LUMA_RUN_TERMINATED,
    other = LUMA_RUN_OTHER
};

/** The type of a value in a response. */
enum class json_type : std::int32_t {
    absent = LUMA_JSON_ABSENT,
    null = LUMA_JSON_NULL,
    boolean = LUMA_JSON_BOOL,
    number = LUMA_JSON_NUMBER,
    string = LUMA_JSON_STRING,
    array = LUMA_JSON_ARRAY,
    object = LUMA_JSON_OBJECT
};

/** The header that carries the token. */
enum class auth_scheme : std::int32_t {
    bearer = LUMA_AUTH_BEARER,
    api_access_key = LUMA_AUTH_API_ACCESS_KEY
};

/** How much a line of the log matters. */
enum class log_level : std::int32_t {
    off = LUMA_LOG_OFF,
    error = LUMA_LOG_ERROR,
    warn = LUMA_LOG_WARN,
    info = LUMA_LOG_INFO,
    debug = LUMA_LOG_DEBUG
};

/** A part of a call, for result_view::timing. */
enum class phase : std::int32_t {
    dns = LUMA_TIMING_DNS,
    connect = LUMA_TIMING_CONNECT,
    tls = LUMA_TIMING_TLS,
    first_byte = LUMA_TIMING_FIRST_BYTE,
    total = LUMA_TIMING_TOTAL
};

/** What the callback of a wait returns. */
enum class poll : std::int32_t { go_on = 0, stop = 1 };

/** A moment, in UTC. */
using time_point =
    std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

/** luma_version */
inline std::string_view version() noexcept { return luma_version(); }

/** luma_status_message */
inline std::string_view status_message(std::int32_t status) noexcept
{
    return luma_status_message(status);
}

/** luma_status_name */
inline std::string_view status_name(std::int32_t status) noexcept
{
    return luma_status_name(status);
}

/** luma_outcome_name */
inline std::string_view name(outcome value) noexcept
{
    return luma_outcome_name(static_cast<std::int32_t>(value));
}

/** luma_run_status_name */
inline std::string_view name(run_status value) noexcept
{
    return luma_run_status_name(static_cast<std::int32_t>(value));
}

/** luma_run_status_is_final */
[[nodiscard]] inline bool is_final(run_status value) noexcept
{
    return luma_run_status_is_final(static_cast<std::int32_t>(value)) != 0;
}

/** A string argument; made of what you have, for the one call. */
class text {
public:
    /** A NULL is passed on: it stands for no filter and no order, and is refused elsewhere. */
    text(const char *string) noexcept : pointer_(string) {}
    text(const std::string &string) noexcept
        : pointer_(string.find('\0') == std::string::npos ? string.c_str() : not_utf8)
    {
    }
    text(std::string_view string) : copy_(string)
    {
        pointer_ = copy_.find('\0') == std::string::npos ? copy_.c_str() : not_utf8;
    }
#ifdef __cpp_lib_char8_t
    /** A u8"" literal, a std::u8string or a std::u8string_view. */
    template <class String,
              class = std::enable_if_t<std::is_convertible_v<const String &, std::u8string_view> &&
                                       !std::is_null_pointer_v<String>>>
    text(const String &string) : text(as_char(string))
    {
    }
#endif
    text(const text &) = delete;
    text &operator=(const text &) = delete;
    /** It may have been a token. */
    ~text()
    {
        volatile char *bytes = copy_.data();
        for (std::size_t i = 0; i < copy_.size(); i++)
            bytes[i] = '\0';
    }

    const char *c_str() const noexcept { return pointer_; }

private:
    static constexpr const char *not_utf8 = "\xff";

#ifdef __cpp_lib_char8_t
    static const char *as_char(const char8_t *string) noexcept
    {
        return reinterpret_cast<const char *>(string);
    }
    static std::string_view as_char(std::u8string_view string) noexcept
    {
        return std::string_view(as_char(string.data()), string.size());
    }
#endif

    std::string copy_;
    const char *pointer_;
};

namespace detail {

inline std::optional<std::chrono::milliseconds> duration(std::int64_t ms) noexcept
{
    if (ms < 0)
        return std::nullopt;
    return std::chrono::milliseconds(ms);
}

inline std::optional<time_point> moment(std::int64_t ms) noexcept
{
    if (ms < 0)
        return std::nullopt;
    return time_point(std::chrono::milliseconds(ms));
}

template <class Handle, void (*free)(Handle *)> struct freed {
    void operator()(Handle *handle) const noexcept { free(handle); }
};

/** An element of a result that is the text itself. */
template <const char *(*get)(const luma_result *, std::size_t)> struct text_at {
    static std::string_view at(const luma_result *result, std::size_t index) noexcept
    {
        return get(result, index);
    }
};

} // namespace detail

/** A step of a run; borrowed from its result. */
class step {
public:
    /** luma_result_step_id */
    std::string_view id() const noexcept { return luma_result_step_id(result_, index_); }
    /** luma_result_step_name */
    std::string_view name() const noexcept { return luma_result_step_name(result_, index_); }
    /** luma_result_step_status */
    run_status status() const noexcept
    {
        return static_cast<run_status>(luma_result_step_status(result_, index_));
    }
    /** luma_result_step_status_text */
    std::string_view status_text() const noexcept
    {
        return luma_result_step_status_text(result_, index_);
    }
    /** luma_result_step_start_time_ms */
    std::optional<time_point> start_time() const noexcept
    {
        return detail::moment(luma_result_step_start_time_ms(result_, index_));
    }
    /** luma_result_step_end_time_ms */
    std::optional<time_point> end_time() const noexcept
    {
        return detail::moment(luma_result_step_end_time_ms(result_, index_));
    }
    /** luma_result_step_time_spent_ms */
    std::optional<std::chrono::milliseconds> time_spent() const noexcept
    {
        return detail::duration(luma_result_step_time_spent_ms(result_, index_));
    }

    static step at(const luma_result *result, std::size_t index) noexcept
    {
        return step(result, index);
    }

private:
    step(const luma_result *result, std::size_t index) noexcept : result_(result), index_(index) {}

    const luma_result *result_;
    std::size_t index_;
};

/** A workflow that can be triggered; borrowed from its result. */
class definition {
public:
    /** luma_result_definition_identifier */
    std::string_view identifier() const noexcept
    {
        return luma_result_definition_identifier(result_, index_);
    }
    /** luma_result_definition_name */
    std::string_view name() const noexcept
    {
        return luma_result_definition_name(result_, index_);
    }
    /** luma_result_definition_description */
    std::string_view description() const noexcept
    {
        return luma_result_definition_description(result_, index_);
    }

    static definition at(const luma_result *result, std::size_t index) noexcept
    {
        return definition(result, index);
    }

private:
    definition(const luma_result *result, std::size_t index) noexcept
        : result_(result), index_(index)
    {
    }

    const luma_result *result_;
    std::size_t index_;
};

/** The steps, definitions or errors of a result, in order, for a range-for; borrowed from it. */
template <class Element> class range {
public:
    class iterator {
    public:
        using reference = decltype(Element::at(nullptr, 0));
        using value_type = reference;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using iterator_category = std::input_iterator_tag;

        iterator() noexcept = default;
        iterator(const luma_result *result, std::size_t index) noexcept
            : result_(result), index_(index)
        {
        }
        reference operator*() const noexcept { return Element::at(result_, index_); }
        iterator &operator++() noexcept
        {
            index_++;
            return *this;
        }
        iterator operator++(int) noexcept { return iterator(result_, index_++); }
        friend bool operator==(const iterator &a, const iterator &b) noexcept
        {
            return a.index_ == b.index_ && a.result_ == b.result_;
        }
        friend bool operator!=(const iterator &a, const iterator &b) noexcept { return !(a == b); }

    private:
        const luma_result *result_ = nullptr;
        std::size_t index_ = 0;
    };

    range(const luma_result *result, std::size_t size) noexcept : result_(result), size_(size) {}

    iterator begin() const noexcept { return iterator(result_, 0); }
    iterator end() const noexcept { return iterator(result_, size_); }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    /** Beyond the last one it gives an element whose getters have nothing to say. */
    typename iterator::reference operator[](std::size_t index) const noexcept
    {
        return Element::at(result_, index);
    }

private:
    const luma_result *result_;
    std::size_t size_;
};

using steps = range<step>;
using definitions = range<definition>;
using errors = range<detail::text_at<luma_result_error>>;

class result;

/** What became of a call, to look at; borrowed from a result, or from a callback's argument. */
class result_view {
public:
    explicit result_view(const luma_result *handle) noexcept : handle_(handle) {}
    /* A view of a temporary would outlive what it shows. */
    result_view(result &&) = delete;

    /** For the functions of luma.h. */
    const luma_result *get() const noexcept { return handle_; }

    /** luma_result_status */
    [[nodiscard]] std::int32_t status() const noexcept { return luma_result_status(handle_); }
    /** luma_result_outcome */
    luma::outcome outcome() const noexcept
    {
        return static_cast<luma::outcome>(luma_result_outcome(handle_));
    }
    /** luma_result_http_status */
    std::int32_t http_status() const noexcept { return luma_result_http_status(handle_); }
    /** luma_result_message */
    std::string_view message() const & noexcept { return luma_result_message(handle_); }
    /** luma_result_error_count, luma_result_error: what the gateway has to say. */
    luma::errors errors() const & noexcept
    {
        return luma::errors(handle_, luma_result_error_count(handle_));
    }
    /** luma_result_retry_after_ms */
    std::optional<std::chrono::milliseconds> retry_after() const noexcept
    {
        return detail::duration(luma_result_retry_after_ms(handle_));
    }

    /** luma_result_attempts */
    std::int32_t attempts() const noexcept { return luma_result_attempts(handle_); }
    /** luma_result_request_id */
    std::string_view request_id() const & noexcept { return luma_result_request_id(handle_); }
    /** luma_result_timing_us */
    std::optional<std::chrono::microseconds> timing(phase part) const noexcept
    {
        const std::int64_t us = luma_result_timing_us(handle_, static_cast<std::int32_t>(part));
        if (us < 0)
            return std::nullopt;
        return std::chrono::microseconds(us);
    }
    /** luma_result_connection_reused */
    bool connection_reused() const noexcept { return luma_result_connection_reused(handle_) != 0; }

    /** luma_result_trigger_id */
    std::string_view trigger_id() const & noexcept { return luma_result_trigger_id(handle_); }
    /** luma_result_run_status */
    luma::run_status run_status() const noexcept
    {
        return static_cast<luma::run_status>(luma_result_run_status(handle_));
    }
    /** luma_result_run_status_text */
    std::string_view run_status_text() const & noexcept
    {
        return luma_result_run_status_text(handle_);
    }
    /** luma_result_run_start_time_ms */
    std::optional<time_point> run_start_time() const noexcept
    {
        return detail::moment(luma_result_run_start_time_ms(handle_));
    }
    /** luma_result_run_end_time_ms */
    std::optional<time_point> run_end_time() const noexcept
    {
        return detail::moment(luma_result_run_end_time_ms(handle_));
    }
    /** luma_result_run_time_spent_ms */
    std::optional<std::chrono::milliseconds> run_time_spent() const noexcept
    {
        return detail::duration(luma_result_run_time_spent_ms(handle_));
    }
    /** luma_result_poll_count */
    std::int32_t poll_count() const noexcept { return luma_result_poll_count(handle_); }
    /** luma_result_elapsed_ms */
    std::optional<std::chrono::milliseconds> elapsed() const noexcept
    {
        return detail::duration(luma_result_elapsed_ms(handle_));
    }
    /** luma_result_step_count and the other luma_result_step_... */
    luma::steps steps() const & noexcept
    {
        return luma::steps(handle_, luma_result_step_count(handle_));
    }
    /** luma_result_definition_count and the other luma_result_definition_... */
    luma::definitions definitions() const & noexcept
    {
        return luma::definitions(handle_, luma_result_definition_count(handle_));
    }
    /** luma_result_launch_url; a secret. */
    std::string_view launch_url() const & noexcept { return luma_result_launch_url(handle_); }
    /** luma_result_access_token; a secret. */
    std::string_view access_token() const & noexcept { return luma_result_access_token(handle_); }

    /** luma_result_json, luma_result_json_length */
    std::string_view json() const & noexcept
    {
        return std::string_view(luma_result_json(handle_), luma_result_json_length(handle_));
    }
    /** luma_result_json_type */
    luma::json_type json_type(const text &json_pointer) const noexcept
    {
        return static_cast<luma::json_type>(luma_result_json_type(handle_, json_pointer.c_str()));
    }
    /** luma_result_string, luma_result_string_length; may hold a NUL. */
    std::string_view string(const text &json_pointer) const & noexcept
    {
        return std::string_view(luma_result_string(handle_, json_pointer.c_str()),
                                luma_result_string_length(handle_, json_pointer.c_str()));
    }
    /**
     * luma_result_int64
     *
     * Throws, as boolean and count do: an error with LUMA_ERROR_POINTER_..., which says nothing new
     *     about the call: its outcome is this result's.
     */
    std::int64_t int64(const text &json_pointer) const;
    /** luma_result_bool */
    bool boolean(const text &json_pointer) const;
    /** luma_result_count */
    std::size_t count(const text &json_pointer) const;

    /* What is borrowed would outlive a temporary. */
    std::string_view message() const && = delete;
    luma::errors errors() const && = delete;
    std::string_view request_id() const && = delete;
    std::string_view trigger_id() const && = delete;
    std::string_view run_status_text() const && = delete;
    luma::steps steps() const && = delete;
    luma::definitions definitions() const && = delete;
    std::string_view launch_url() const && = delete;
    std::string_view access_token() const && = delete;
    std::string_view json() const && = delete;
    std::string_view string(const text &json_pointer) const && = delete;

protected:
    const luma_result *handle_;

private:
    void check(std::int32_t status) const;
};

/** What became of a call. Any number of threads may read it at once. */
class [[nodiscard]] result : public result_view {
public:
    /** Takes a result of luma.h over, and frees it. */
    explicit result(luma_result *handle) noexcept : result_view(handle) {}
    result(result &&other) noexcept : result_view(std::exchange(other.handle_, nullptr)) {}
    result &operator=(result &&other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    /** luma_result_free */
    ~result() { luma_result_free(const_cast<luma_result *>(handle_)); }
};

/** The one exception: a status other than LUMA_OK. Its what() is one line for a log. */
class error : public std::runtime_error {
public:
    /** A mistake in the arguments, before anything was sent. */
    explicit error(std::int32_t status) : error(status, luma::outcome::not_sent) {}
    /** The message says more than the status does, or is "". */
    error(std::int32_t status, luma::outcome outcome, const char *message = "")
        : std::runtime_error(*message == '\0' ? luma_status_message(status) : message),
          status_(status), outcome_(outcome), details_(nullptr)
    {
    }
    /** A call that failed. */
    explicit error(result failed)
        : std::runtime_error(std::string(failed.message())), status_(failed.status()),
          outcome_(failed.outcome()), details_(failed.get()),
          owner_(std::make_shared<const result>(std::move(failed)))
    {
    }

    /** LUMA_ERROR_..., also LUMA_ERROR_WAIT_TIMEOUT and LUMA_ERROR_WAIT_STOPPED of a wait. */
    [[nodiscard]] std::int32_t status() const noexcept { return status_; }
    /** What is certain about the request that the error came of. */
    luma::outcome outcome() const noexcept { return outcome_; }
    /** what() as a std::string_view. */
    std::string_view message() const noexcept { return what(); }
    /**
     * The result of the call: HTTP status, the gateway's errors, retry_after, the response, the last
     * state that a wait saw. Its getters have nothing to say if there is no result.
     */
    const result_view &details() const noexcept { return details_; }

private:
    std::int32_t status_;
    luma::outcome outcome_;
    result_view details_;
    std::shared_ptr<const result> owner_;
};

namespace detail {

inline void check(std::int32_t status)
{
    if (status != LUMA_OK)
        throw error(status);
}

/** The result of a call that went well; throws that of one that did not. */
inline result checked(std::int32_t status, luma_result *handle)
{
    result made(handle);
    if (status == LUMA_OK)
        return made;
    if (handle == nullptr)
        throw error(status);
    throw error(std::move(made));
}

} // namespace detail

inline void result_view::check(std::int32_t status) const
{
    if (status != LUMA_OK)
        throw error(status, outcome());
}

inline std::int64_t result_view::int64(const text &json_pointer) const
{
    std::int64_t value = 0;
    check(luma_result_int64(handle_, json_pointer.c_str(), &value));
    return value;
}

inline bool result_view::boolean(const text &json_pointer) const
{
    std::int32_t value = 0;
    check(luma_result_bool(handle_, json_pointer.c_str(), &value));
    return value != 0;
}

inline std::size_t result_view::count(const text &json_pointer) const
{
    std::size_t value = 0;
    check(luma_result_count(handle_, json_pointer.c_str(), &value));
    return value;
}

/**
 * What is told what happens, line by line; see luma_log_fn. By several threads at once if several
 * call. What it throws is dropped, for a log changes nothing.
 */
using on_log = std::function<void(log_level level, std::string_view line)>;

namespace detail {

/* Stands between C and a callback in C++. */
inline void tell(std::int32_t level, const char *line, void *user_data) noexcept
{
    try {
        (*static_cast<const on_log *>(user_data))(static_cast<log_level>(level), line);
    } catch (...) {
    }
}

} // namespace detail

class client;

/**
 * Settings that a client is made of. One thread at a time.
 *
 * What a setter throws has the message of luma_config_message.
 */
class config {
public:
    /** luma_config_new */
    config(const text &base_url, const text &access_token)
    {
        luma_config *made = nullptr;
        detail::check(luma_config_new(base_url.c_str(), access_token.c_str(), &made));
        handle_.reset(made);
    }

    /** For the functions of luma.h. */
    luma_config *get() const noexcept { return handle_.get(); }

    /** luma_config_set_auth_scheme */
    config &set_auth_scheme(auth_scheme scheme)
    {
        return set(luma_config_set_auth_scheme(get(), static_cast<std::int32_t>(scheme)));
    }
    /** luma_config_set_connect_timeout_ms */
    config &set_connect_timeout(std::chrono::milliseconds timeout)
    {
        return set(luma_config_set_connect_timeout_ms(get(), timeout.count()));
    }
    /** luma_config_set_timeout_ms */
    config &set_timeout(std::chrono::milliseconds timeout)
    {
        return set(luma_config_set_timeout_ms(get(), timeout.count()));
    }
    /** luma_config_set_max_response_bytes */
    config &set_max_response_bytes(std::int64_t max_response_bytes)
    {
        return set(luma_config_set_max_response_bytes(get(), max_response_bytes));
    }
    /** luma_config_set_allow_http */
    config &set_allow_http(bool allow)
    {
        return set(luma_config_set_allow_http(get(), allow ? 1 : 0));
    }
    /** luma_config_set_ca_pem */
    config &set_ca_pem(const text &pem)
    {
        return set(luma_config_set_ca_pem(get(), pem.c_str()));
    }
    /** luma_config_set_ca_file */
    config &set_ca_file(const text &path)
    {
        return set(luma_config_set_ca_file(get(), path.c_str()));
    }
    /** luma_config_add_ca_pem */
    config &add_ca_pem(const text &pem)
    {
        return set(luma_config_add_ca_pem(get(), pem.c_str()));
    }
    /** luma_config_add_ca_file */
    config &add_ca_file(const text &path)
    {
        return set(luma_config_add_ca_file(get(), path.c_str()));
    }
    /** luma_config_set_client_certificate_pem */
    config &set_client_certificate_pem(const text &chain_pem, const text &key_pem)
    {
        return set(
            luma_config_set_client_certificate_pem(get(), chain_pem.c_str(), key_pem.c_str()));
    }
    /** luma_config_set_client_certificate_file */
    config &set_client_certificate_file(const text &chain_path, const text &key_path)
    {
        return set(
            luma_config_set_client_certificate_file(get(), chain_path.c_str(), key_path.c_str()));
    }
    /** luma_config_set_trigger_max_idle_ms */
    config &set_trigger_max_idle(std::chrono::milliseconds max_idle)
    {
        return set(luma_config_set_trigger_max_idle_ms(get(), max_idle.count()));
    }
    /** luma_config_set_read_max_idle_ms */
    config &set_read_max_idle(std::chrono::milliseconds max_idle)
    {
        return set(luma_config_set_read_max_idle_ms(get(), max_idle.count()));
    }
    /** luma_config_set_max_idle_connections */
    config &set_max_idle_connections(std::int64_t max_idle_connections)
    {
        return set(luma_config_set_max_idle_connections(get(), max_idle_connections));
    }
    /** luma_config_set_retries */
    config &set_retries(bool enabled)
    {
        return set(luma_config_set_retries(get(), enabled ? 1 : 0));
    }
    /** luma_config_set_log: the callback lives as long as this and the clients that are made of it. */
    config &set_log(log_level level, on_log callback)
    {
        std::shared_ptr<on_log> kept;
        if (callback)
            kept = std::make_shared<on_log>(std::move(callback));
        set(luma_config_set_log(get(), static_cast<std::int32_t>(level),
                                kept ? detail::tell : nullptr, kept.get()));
        log_ = std::move(kept);
        return *this;
    }
    /** luma_config_set_proxy */
    config &set_proxy(const text &url) { return set(luma_config_set_proxy(get(), url.c_str())); }
    /** luma_config_set_application_id */
    config &set_application_id(const text &application_id)
    {
        return set(luma_config_set_application_id(get(), application_id.c_str()));
    }

private:
    friend class client;

    config &set(std::int32_t status)
    {
        if (status != LUMA_OK)
            throw error(status, outcome::not_sent, luma_config_message(get()));
        return *this;
    }

    std::shared_ptr<on_log> log_;
    std::unique_ptr<luma_config, detail::freed<luma_config, luma_config_free>> handle_;
};

/** A workflow to run, with its variables and who asks for it. One thread at a time. */
class trigger_request {
public:
    /** luma_trigger_request_new */
    explicit trigger_request(const text &workflow_identifier)
    {
        luma_trigger_request *made = nullptr;
        detail::check(luma_trigger_request_new(workflow_identifier.c_str(), &made));
        handle_.reset(made);
    }

    /** For the functions of luma.h. */
    luma_trigger_request *get() const noexcept { return handle_.get(); }

    /** luma_trigger_request_set_variable */
    trigger_request &set_variable(const text &name, const text &value)
    {
        return set(luma_trigger_request_set_variable(get(), name.c_str(), value.c_str()));
    }
    /** luma_trigger_request_set_variable_json */
    trigger_request &set_variable_json(const text &name, const text &json)
    {
        return set(luma_trigger_request_set_variable_json(get(), name.c_str(), json.c_str()));
    }
    /** luma_trigger_request_set_variables_json */
    trigger_request &set_variables_json(const text &json_object)
    {
        return set(luma_trigger_request_set_variables_json(get(), json_object.c_str()));
    }
    /** luma_trigger_request_set_initiator */
    trigger_request &set_initiator(std::int64_t contact_id, std::int64_t application_id)
    {
        return set(luma_trigger_request_set_initiator(get(), contact_id, application_id));
    }
    /** luma_trigger_request_set_initiation_info */
    trigger_request &set_initiation_info(const text &key, const text &value)
    {
        return set(luma_trigger_request_set_initiation_info(get(), key.c_str(), value.c_str()));
    }

private:
    trigger_request &set(std::int32_t status)
    {
        detail::check(status);
        return *this;
    }

    std::unique_ptr<luma_trigger_request,
                    detail::freed<luma_trigger_request, luma_trigger_request_free>>
        handle_;
};

/**
 * What is called after each look of a wait, on the thread that waits.
 *
 * It returns poll::go_on, or poll::stop to end the wait; see luma_poll_fn. What it throws ends the
 * wait as well and leaves the wait's call, in place of a luma::error; the run goes on.
 */
using on_poll = std::function<poll(const result_view &seen)>;

namespace detail {

struct polling {
    const on_poll &callback;
    std::exception_ptr thrown;
};

/* Stands between C and a callback in C++. */
inline std::int32_t look(const luma_result *seen, void *user_data) noexcept
{
    auto *polling = static_cast<detail::polling *>(user_data);
    try {
        return static_cast<std::int32_t>(polling->callback(result_view(seen)));
    } catch (...) {
        polling->thrown = std::current_exception();
        return static_cast<std::int32_t>(poll::stop);
    }
}

} // namespace detail

/** A client of one gateway. Any number of threads may use it at once. */
class [[nodiscard]] client {
public:
    /** luma_client_new */
    client(const text &base_url, const text &access_token)
    {
        luma_client *made = nullptr;
        detail::check(luma_client_new(base_url.c_str(), access_token.c_str(), &made));
        handle_.reset(made);
    }
    /** luma_client_new_with_config */
    explicit client(const config &settings)
    {
        luma_client *made = nullptr;
        detail::check(luma_client_new_with_config(settings.get(), &made));
        handle_ = owner(made, freed{settings.log_});
    }

    /** For the functions of luma.h. */
    luma_client *get() const noexcept { return handle_.get(); }

    /** luma_client_set_access_token */
    void set_access_token(const text &access_token)
    {
        detail::check(luma_client_set_access_token(get(), access_token.c_str()));
    }

    /** luma_client_cancel */
    void cancel() { detail::check(luma_client_cancel(get())); }

    /** luma_client_close */
    void close() { detail::check(luma_client_close(get())); }
    /** luma_client_with_request_id: a client that shares everything with this one. */
    client with_request_id(const text &request_id) const
    {
        luma_client *made = nullptr;
        detail::check(luma_client_with_request_id(get(), request_id.c_str(), &made));
        return client(owner(made, handle_.get_deleter()));
    }

    /** luma_trigger_workflow: it was accepted, or it throws. */
    result trigger_workflow(const trigger_request &request) const
    {
        luma_result *out = nullptr;
        const std::int32_t status = luma_trigger_workflow(get(), request.get(), &out);
        return detail::checked(status, out);
    }
    /** luma_trigger_workflow_json */
    result trigger_workflow_json(const text &request_json) const
    {
        luma_result *out = nullptr;
        const std::int32_t status = luma_trigger_workflow_json(get(), request_json.c_str(), &out);
        return detail::checked(status, out);
    }
    /** luma_get_workflow_history */
    result get_workflow_history(const text &trigger_id) const
    {
        luma_result *out = nullptr;
        const std::int32_t status = luma_get_workflow_history(get(), trigger_id.c_str(), &out);
        return detail::checked(status, out);
    }
    /** luma_list_workflow_steps */
    result list_workflow_steps(const text &trigger_id, const text &filter = nullptr,
                               const text &order_by = nullptr, std::int64_t skip = 0,
                               std::int64_t top = 0) const
    {
        luma_result *out = nullptr;
        const std::int32_t status = luma_list_workflow_steps(
            get(), trigger_id.c_str(), filter.c_str(), order_by.c_str(), skip, top, &out);
        return detail::checked(status, out);
    }
    /** luma_get_workflow_step */
    result get_workflow_step(const text &trigger_id, const text &step_id) const
    {
        luma_result *out = nullptr;
        const std::int32_t status =
            luma_get_workflow_step(get(), trigger_id.c_str(), step_id.c_str(), &out);
        return detail::checked(status, out);
    }
    /** luma_generate_launch_url */
    result generate_launch_url(const text &trigger_id) const
    {
        luma_result *out = nullptr;
        const std::int32_t status = luma_generate_launch_url(get(), trigger_id.c_str(), &out);
        return detail::checked(status, out);
    }
    /** luma_list_workflow_definitions */
    result list_workflow_definitions(const text &filter = nullptr, const text &order_by = nullptr,
                          std::int64_t skip = 0, std::int64_t top = 0) const
    {
        luma_result *out = nullptr;
        const std::int32_t status =
            luma_list_workflow_definitions(get(), filter.c_str(), order_by.c_str(), skip, top, &out);
        return detail::checked(status, out);
    }
    /** luma_regenerate_tenant_token */
    result regenerate_tenant_token(const text &super_admin_token,
                                   const text &tenant_external_id) const
    {
        luma_result *out = nullptr;
        const std::int32_t status = luma_regenerate_tenant_token(
            get(), super_admin_token.c_str(), tenant_external_id.c_str(), &out);
        return detail::checked(status, out);
    }
    /**
     * luma_wait_for_workflow: gives the last state once the run has ended, also if it is failed or
     * terminated. It throws when the time is over, or the callback ended the wait.
     */
    result wait_for_workflow(const text &trigger_id, std::chrono::milliseconds timeout,
                             const on_poll &callback = nullptr) const
    {
        return wait(luma_wait_for_workflow, trigger_id, timeout, callback);
    }
    /** luma_wait_for_workflow_or_suspension */
    result wait_for_workflow_or_suspension(const text &trigger_id,
                                           std::chrono::milliseconds timeout,
                                           const on_poll &callback = nullptr) const
    {
        return wait(luma_wait_for_workflow_or_suspension, trigger_id, timeout, callback);
    }

private:
    /* The callback of the log outlives the client that calls it. */
    struct freed {
        std::shared_ptr<on_log> log;

        void operator()(luma_client *handle) const noexcept { luma_client_free(handle); }
    };
    using owner = std::unique_ptr<luma_client, freed>;

    explicit client(owner handle) noexcept : handle_(std::move(handle)) {}

    result wait(decltype(&luma_wait_for_workflow) function, const text &trigger_id,
                std::chrono::milliseconds timeout, const on_poll &callback) const
    {
        detail::polling polling{callback, nullptr};
        luma_result *out = nullptr;
        const std::int32_t status =
            function(get(), trigger_id.c_str(), timeout.count(),
                     callback ? detail::look : nullptr, &polling, &out);
        if (polling.thrown) {
            luma_result_free(out);
            std::rethrow_exception(std::move(polling.thrown));
        }
        return detail::checked(status, out);
    }

    owner handle_;
};

} // namespace luma

#endif
