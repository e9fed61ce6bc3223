/**
 * @file luma.hpp
 * @brief C++17 wrapper of luma.h: owning types, exceptions, ranges and std::chrono.
 *
 * It is header-only; link the same library. Each member function calls the function of luma.h that
 * its comment names. That function's comment has the details, limits and statuses. These are the
 * differences:
 *
 * @par Ownership
 * luma::client, luma::config, luma::trigger_request, luma::journal and luma::result own their
 * handle. They can be moved but not copied. Do not use a moved-from object, except to destroy it or
 * to assign to it; other uses are refused like a NULL handle in C.
 *
 * @par Errors
 * Any status other than LUMA_OK is thrown as luma::error, which also has the result and its
 * outcome. As in C, the workflow may be running after luma::outcome::unknown. In addition, a wait
 * rethrows what its callback threw, and the standard library throws when memory runs out.
 *
 * @par Without exceptions
 * Each call and each constructor that throws has a twin that does not, whose name begins with try_.
 * A call returns its result, whatever the outcome. A try_new() returns an object whose status() and
 * message() say why it has no handle; it is refused like a NULL handle, and nothing is sent.
 *
 * If exceptions are off (-fno-exceptions), only these twins are declared. Setters can be chained as
 * before. The first one that fails is kept in status() and message(), later ones do nothing, and
 * the object is refused from then on. If memory runs out, the process ends. These types differ from
 * those with exceptions, so a program may mix both, but cannot pass objects between them.
 *
 * @par Return values
 * The results of calls and waits, statuses and outcomes are [[nodiscard]].
 *
 * @par Strings
 * A string argument is a luma::text: a literal, a std::string or a std::string_view, in UTF-8; in
 * C++20 also one of char8_t. A string with a NUL inside would be truncated in C, so it is refused
 * with LUMA_ERROR_UTF8_ARGUMENT_n. Getters return a std::string_view that is borrowed from the
 * result, so they cannot be called on a temporary.
 *
 * @par Times
 * Times are std::chrono types. A time that the gateway did not report is std::nullopt.
 *
 * @par Threads and fork
 * As in luma.h. A luma::error may be copied to another thread, like any exception.
 */
#ifndef LUMA_HPP
#define LUMA_HPP

#if !(defined(_MSVC_LANG) ? _MSVC_LANG >= 201703L : __cplusplus >= 201703L)
#error "luma.hpp requires C++17: compile with -std=c++17, or /std:c++17 for MSVC"
#else

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

/** 1 if the members that throw are declared, 0 if exceptions are off. */
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define LUMA_HPP_EXCEPTIONS 1
#else
#define LUMA_HPP_EXCEPTIONS 0
#endif

/** @brief The C++ API. */
namespace luma {

#if !LUMA_HPP_EXCEPTIONS
/* Other types, because setters behave differently. So a program may mix both. */
inline namespace without_exceptions {
#endif

/** What is certain about a request, one of LUMA_OUTCOME_*. */
enum class [[nodiscard]] outcome : std::int32_t {
    none = 0, /**< There is no result. */
    accepted = LUMA_OUTCOME_ACCEPTED,
    rejected = LUMA_OUTCOME_REJECTED,
    not_sent = LUMA_OUTCOME_NOT_SENT,
    unknown = LUMA_OUTCOME_UNKNOWN
};

/** The status of a run or a step, one of LUMA_RUN_*. */
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

/** The type of a value in a response, one of LUMA_JSON_*. */
enum class json_type : std::int32_t {
    absent = LUMA_JSON_ABSENT,
    null = LUMA_JSON_NULL,
    boolean = LUMA_JSON_BOOL,
    number = LUMA_JSON_NUMBER,
    string = LUMA_JSON_STRING,
    array = LUMA_JSON_ARRAY,
    object = LUMA_JSON_OBJECT
};

/** The header that carries the access token, one of LUMA_AUTH_*. */
enum class auth_scheme : std::int32_t {
    bearer = LUMA_AUTH_BEARER,
    api_access_key = LUMA_AUTH_API_ACCESS_KEY
};

/** The severity of a log line, or the most verbose level to log, one of LUMA_LOG_*. */
enum class log_level : std::int32_t {
    off = LUMA_LOG_OFF,
    error = LUMA_LOG_ERROR,
    warn = LUMA_LOG_WARN,
    info = LUMA_LOG_INFO,
    debug = LUMA_LOG_DEBUG
};

/** A part of a call, for result_view::timing(), one of LUMA_TIMING_*. */
enum class phase : std::int32_t {
    dns = LUMA_TIMING_DNS,
    connect = LUMA_TIMING_CONNECT,
    tls = LUMA_TIMING_TLS,
    first_byte = LUMA_TIMING_FIRST_BYTE,
    total = LUMA_TIMING_TOTAL
};

/** What client::count() returns, one of LUMA_COUNTER_*. */
enum class counter : std::int32_t {
    calls_accepted = LUMA_COUNTER_CALLS_ACCEPTED,
    calls_rejected = LUMA_COUNTER_CALLS_REJECTED,
    calls_not_sent = LUMA_COUNTER_CALLS_NOT_SENT,
    calls_unknown = LUMA_COUNTER_CALLS_UNKNOWN,
    retries = LUMA_COUNTER_RETRIES,
    connections_opened = LUMA_COUNTER_CONNECTIONS_OPENED,
    connections_reused = LUMA_COUNTER_CONNECTIONS_REUSED,
    bytes_sent = LUMA_COUNTER_BYTES_SENT,
    bytes_received = LUMA_COUNTER_BYTES_RECEIVED,
    waits_open = LUMA_COUNTER_WAITS_OPEN
};

/** The return value of a poll callback. */
enum class poll : std::int32_t {
    go_on = 0, /**< Continue the wait. */
    stop = 1 /**< Stop the wait. */
};

/** A time in UTC. */
using time_point = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

/** Returns the version of the library. See luma_version(). */
inline std::string_view version() noexcept
{
    return luma_version();
}

/** Describes a status. See luma_status_message(). */
inline std::string_view status_message(std::int32_t status) noexcept
{
    return luma_status_message(status);
}

/** Returns the name of a status. See luma_status_name(). */
inline std::string_view status_name(std::int32_t status) noexcept
{
    return luma_status_name(status);
}

/** Returns the name of a log level. See luma_log_level_name(). */
inline std::string_view name(log_level value) noexcept
{
    return luma_log_level_name(static_cast<std::int32_t>(value));
}

/** Returns the name of a counter. See luma_counter_name(). */
inline std::string_view name(counter value) noexcept
{
    return luma_counter_name(static_cast<std::int32_t>(value));
}

/** Returns the name of an outcome. See luma_outcome_name(). */
inline std::string_view name(outcome value) noexcept
{
    return luma_outcome_name(static_cast<std::int32_t>(value));
}

/** Returns the name of a run status. See luma_run_status_name(). */
inline std::string_view name(run_status value) noexcept
{
    return luma_run_status_name(static_cast<std::int32_t>(value));
}

/** Returns whether a run status is final. See luma_run_status_is_final(). */
[[nodiscard]] inline bool is_final(run_status value) noexcept
{
    return luma_run_status_is_final(static_cast<std::int32_t>(value)) != 0;
}

/** A string argument, converted implicitly for the duration of a call. */
class text {
public:
    /** From a NUL-terminated string. NULL means no filter or no order; elsewhere it is refused. */
    text(const char *string) noexcept : pointer_(string) {}
    /** From a std::string, which is not copied. */
    text(const std::string &string) noexcept
        : pointer_(string.find('\0') == std::string::npos ? string.c_str() : not_utf8)
    {
    }
    /** From a std::string_view, which is copied to append a NUL. */
    text(std::string_view string)
        : copy_(string), pointer_(copy_.find('\0') == std::string::npos ? copy_.c_str() : not_utf8)
    {
    }
#ifdef __cpp_lib_char8_t
    /** From a u8"" literal, a std::u8string or a std::u8string_view. */
    template <class String,
              class = std::enable_if_t<std::is_convertible_v<const String &, std::u8string_view> &&
                                       !std::is_null_pointer_v<String>>>
    text(const String &string) : text(as_char(string))
    {
    }
#endif
    /** @cond */
    text(const text &) = delete;
    text &operator=(const text &) = delete;
    /** @endcond */
    /** Wipes the copy from memory, because it may be an access token. */
    ~text()
    {
        volatile char *bytes = copy_.data();
        for (std::size_t i = 0; i < copy_.size(); i++)
            bytes[i] = '\0';
    }

    /** The NUL-terminated string, or NULL. */
    const char *c_str() const noexcept { return pointer_; }

private:
    /* Replaces a string with a NUL inside, so that it is refused. */
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

    std::string copy_ = {};
    const char *pointer_;
};

namespace detail {

inline std::optional<std::chrono::milliseconds> duration(std::int64_t ms) noexcept
{
    if (ms < 0)
        return std::nullopt;
    return std::chrono::milliseconds(ms);
}

inline std::optional<time_point> time(std::int64_t ms) noexcept
{
    if (ms < 0)
        return std::nullopt;
    return time_point(std::chrono::milliseconds(ms));
}

template <class Handle, void (*free)(Handle *)> struct deleter {
    void operator()(Handle *handle) const noexcept { free(handle); }
};

template <class Type, class... Types>
inline constexpr bool is_one_of = (std::is_same_v<Type, Types> || ...);

/* A type that a variable can be set to: not a character, and not more precise than a double. */
template <class Type>
inline constexpr bool is_number = std::is_arithmetic_v<Type> &&
                                  !is_one_of<Type, char, wchar_t, char16_t, char32_t, long double>
#ifdef __cpp_char8_t
                                  && !std::is_same_v<Type, char8_t>
#endif
    ;

/* A workflow definition: the source of its parameters. */
struct definition_at {
    const luma_result *result = nullptr;
    std::size_t index = 0;

    friend bool operator==(const definition_at &a, const definition_at &b) noexcept
    {
        return a.index == b.index && a.result == b.result;
    }
};

/* The element type of a range of strings. */
template <const char *(*get)(const luma_result *, std::size_t)> struct text_at {
    static std::string_view at(const luma_result *result, std::size_t index) noexcept
    {
        return get(result, index);
    }
};

} // namespace detail

/**
 * The steps, definitions, parameters or errors of a result, borrowed from it. Works in a
 * range-based for.
 */
template <class Element, class Source = const luma_result *> class range {
public:
    /** @cond A standard input iterator. */
    class iterator {
    public:
        using reference = decltype(Element::at(std::declval<const Source &>(), 0));
        using value_type = reference;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using iterator_category = std::input_iterator_tag;

        iterator() noexcept = default;
        iterator(const Source &source, std::size_t index) noexcept : source_(source), index_(index)
        {
        }
        reference operator*() const noexcept { return Element::at(source_, index_); }
        iterator &operator++() noexcept
        {
            index_++;
            return *this;
        }
        iterator operator++(int) noexcept { return iterator(source_, index_++); }
        friend bool operator==(const iterator &a, const iterator &b) noexcept
        {
            return a.index_ == b.index_ && a.source_ == b.source_;
        }
        friend bool operator!=(const iterator &a, const iterator &b) noexcept { return !(a == b); }

    private:
        Source source_ = {};
        std::size_t index_ = 0;
    };

    range(const Source &source, std::size_t size) noexcept : source_(source), size_(size) {}
    /** @endcond */

    /** The first element. */
    iterator begin() const noexcept { return iterator(source_, 0); }
    /** The end. */
    iterator end() const noexcept { return iterator(source_, size_); }
    /** The number of elements. */
    std::size_t size() const noexcept { return size_; }
    /** Returns whether there are none. */
    bool empty() const noexcept { return size_ == 0; }
    /** The element at an index. Past the end, all its getters return empty values. */
    typename iterator::reference operator[](std::size_t index) const noexcept
    {
        return Element::at(source_, index);
    }

private:
    Source source_;
    std::size_t size_;
};

/** A step of a run, borrowed from its result. */
class step {
public:
    /** Returns the id of the step. See luma_result_step_id(). */
    std::string_view id() const noexcept { return luma_result_step_id(result_, index_); }
    /** Returns the name of the step. See luma_result_step_name(). */
    std::string_view name() const noexcept { return luma_result_step_name(result_, index_); }
    /** Returns the status of the step. See luma_result_step_status(). */
    run_status status() const noexcept
    {
        return static_cast<run_status>(luma_result_step_status(result_, index_));
    }
    /** Returns the status in the gateway's own text. See luma_result_step_status_text(). */
    std::string_view status_text() const noexcept
    {
        return luma_result_step_status_text(result_, index_);
    }
    /** Returns when the step started. See luma_result_step_start_time_ms(). */
    std::optional<time_point> start_time() const noexcept
    {
        return detail::time(luma_result_step_start_time_ms(result_, index_));
    }
    /** Returns when the step ended. See luma_result_step_end_time_ms(). */
    std::optional<time_point> end_time() const noexcept
    {
        return detail::time(luma_result_step_end_time_ms(result_, index_));
    }
    /** Returns how long the step took. See luma_result_step_time_spent_ms(). */
    std::optional<std::chrono::milliseconds> time_spent() const noexcept
    {
        return detail::duration(luma_result_step_time_spent_ms(result_, index_));
    }

    /** The step at an index of a result. */
    static step at(const luma_result *result, std::size_t index) noexcept
    {
        return step(result, index);
    }

private:
    step(const luma_result *result, std::size_t index) noexcept : result_(result), index_(index) {}

    const luma_result *result_;
    std::size_t index_;
};

/** An input parameter of a run, borrowed from its result. */
class parameter {
public:
    /** Returns the name. See luma_result_parameter_name(). */
    std::string_view name() const noexcept { return luma_result_parameter_name(result_, index_); }
    /** Returns the value. See luma_result_parameter_value(). */
    std::string_view value() const noexcept { return luma_result_parameter_value(result_, index_); }
    /** Returns the data type. See luma_result_parameter_data_type(). */
    std::string_view data_type() const noexcept
    {
        return luma_result_parameter_data_type(result_, index_);
    }
    /** Returns the caption. See luma_result_parameter_caption(). */
    std::string_view caption() const noexcept
    {
        return luma_result_parameter_caption(result_, index_);
    }
    /** Returns the description. See luma_result_parameter_description(). */
    std::string_view description() const noexcept
    {
        return luma_result_parameter_description(result_, index_);
    }

    /** The parameter at an index of a result. */
    static parameter at(const luma_result *result, std::size_t index) noexcept
    {
        return parameter(result, index);
    }

private:
    parameter(const luma_result *result, std::size_t index) noexcept
        : result_(result), index_(index)
    {
    }

    const luma_result *result_;
    std::size_t index_;
};

/** An input parameter of a workflow definition, borrowed from its result. */
class definition_parameter {
public:
    /** Returns the name. See luma_result_definition_parameter_name(). */
    std::string_view name() const noexcept
    {
        return luma_result_definition_parameter_name(source_.result, source_.index, index_);
    }
    /** Returns the data type. See luma_result_definition_parameter_data_type(). */
    std::string_view data_type() const noexcept
    {
        return luma_result_definition_parameter_data_type(source_.result, source_.index, index_);
    }
    /** Returns whether it is required. See luma_result_definition_parameter_required(). */
    bool required() const noexcept
    {
        return luma_result_definition_parameter_required(source_.result, source_.index, index_) !=
               0;
    }
    /** Returns the caption. See luma_result_definition_parameter_caption(). */
    std::string_view caption() const noexcept
    {
        return luma_result_definition_parameter_caption(source_.result, source_.index, index_);
    }
    /** Returns the description. See luma_result_definition_parameter_description(). */
    std::string_view description() const noexcept
    {
        return luma_result_definition_parameter_description(source_.result, source_.index, index_);
    }

    /** @cond */
    static definition_parameter at(const detail::definition_at &source, std::size_t index) noexcept
    {
        return definition_parameter(source, index);
    }
    /** @endcond */

private:
    definition_parameter(const detail::definition_at &source, std::size_t index) noexcept
        : source_(source), index_(index)
    {
    }

    detail::definition_at source_;
    std::size_t index_;
};

/** The input parameters of a run. */
using parameters = range<parameter>;
/** The input parameters of a workflow definition. */
using definition_parameters = range<definition_parameter, detail::definition_at>;

/** A workflow definition, borrowed from its result. */
class definition {
public:
    /** Returns the identifier of the workflow. See luma_result_definition_identifier(). */
    std::string_view identifier() const noexcept
    {
        return luma_result_definition_identifier(result_, index_);
    }
    /** Returns the name of the workflow. See luma_result_definition_name(). */
    std::string_view name() const noexcept { return luma_result_definition_name(result_, index_); }
    /** Returns the description of the workflow. See luma_result_definition_description(). */
    std::string_view description() const noexcept
    {
        return luma_result_definition_description(result_, index_);
    }
    /** Returns the input parameters. See luma_result_definition_parameter_count(). */
    definition_parameters parameters() const noexcept
    {
        return definition_parameters(detail::definition_at{result_, index_},
                                     luma_result_definition_parameter_count(result_, index_));
    }

    /** The definition at an index of a result. */
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

/** The steps of a run. */
using steps = range<step>;
/** The workflow definitions of a list. */
using definitions = range<definition>;
/** The errors that the gateway reported, as std::string_view. */
using errors = range<detail::text_at<luma_result_error>>;

class result;

/** A borrowed result: that of a luma::result, of a luma::error, or of a poll callback. */
class result_view {
public:
    /** Borrows a result of luma.h. */
    explicit result_view(const luma_result *handle) noexcept : handle_(handle) {}
    /** @cond The view would outlive a temporary result. */
    result_view(result &&) = delete;
    /** @endcond */

    /** The handle, for the functions of luma.h. */
    const luma_result *get() const noexcept { return handle_; }

    /** Returns the status of the call. See luma_result_status(). */
    [[nodiscard]] std::int32_t status() const noexcept { return luma_result_status(handle_); }
    /** Returns why a list is incomplete. See luma_result_page_status(). */
    [[nodiscard]] std::int32_t page_status() const noexcept
    {
        return luma_result_page_status(handle_);
    }
    /** Returns the outcome of the call. See luma_result_outcome(). */
    luma::outcome outcome() const noexcept
    {
        return static_cast<luma::outcome>(luma_result_outcome(handle_));
    }
    /** Returns the HTTP status of the response. See luma_result_http_status(). */
    std::int32_t http_status() const noexcept { return luma_result_http_status(handle_); }
    /** Describes the result in one line. See luma_result_message(). */
    std::string_view message() const & noexcept { return luma_result_message(handle_); }
    /** Returns the errors that the gateway reported. See luma_result_error(). */
    luma::errors errors() const & noexcept
    {
        return luma::errors(handle_, luma_result_error_count(handle_));
    }
    /** Returns how long the gateway asks to wait. See luma_result_retry_after_ms(). */
    std::optional<std::chrono::milliseconds> retry_after() const noexcept
    {
        return detail::duration(luma_result_retry_after_ms(handle_));
    }

    /** Returns the number of attempts. See luma_result_attempts(). */
    std::int32_t attempts() const noexcept { return luma_result_attempts(handle_); }
    /** Returns the request id of the call. See luma_result_request_id(). */
    std::string_view request_id() const & noexcept { return luma_result_request_id(handle_); }
    /** Returns how long a part of the call took. See luma_result_timing_us(). */
    std::optional<std::chrono::microseconds> timing(phase part) const noexcept
    {
        const std::int64_t us = luma_result_timing_us(handle_, static_cast<std::int32_t>(part));
        if (us < 0)
            return std::nullopt;
        return std::chrono::microseconds(us);
    }
    /** Returns whether a connection was reused. See luma_result_connection_reused(). */
    bool connection_reused() const noexcept { return luma_result_connection_reused(handle_) != 0; }

    /** Returns the address of the gateway or proxy. See luma_result_peer_address(). */
    std::string_view peer_address() const & noexcept { return luma_result_peer_address(handle_); }
    /** Returns the version of TLS. See luma_result_tls_version(). */
    std::string_view tls_version() const noexcept { return luma_result_tls_version(handle_); }
    /** Returns when the gateway's certificate expires. See luma_result_certificate_expires_ms(). */
    std::optional<time_point> certificate_expires() const noexcept
    {
        return detail::time(luma_result_certificate_expires_ms(handle_));
    }

    /** Returns the trigger id of the run. See luma_result_trigger_id(). */
    std::string_view trigger_id() const & noexcept { return luma_result_trigger_id(handle_); }
    /** Returns the key of an entry of a journal. See luma_result_journal_key(). */
    std::string_view journal_key() const & noexcept { return luma_result_journal_key(handle_); }
    /** Returns when the key reached its state. See luma_result_journal_time_ms(). */
    std::optional<time_point> journal_time() const noexcept
    {
        return detail::time(luma_result_journal_time_ms(handle_));
    }
    /** Returns whether the journal has the outcome. See luma_result_journal_recorded(). */
    bool journal_recorded() const noexcept { return luma_result_journal_recorded(handle_) != 0; }
    /** Returns the number of keys that were found or removed. See luma_result_journal_count(). */
    std::size_t journal_count() const noexcept { return luma_result_journal_count(handle_); }
    /** Returns the status of the run. See luma_result_run_status(). */
    luma::run_status run_status() const noexcept
    {
        return static_cast<luma::run_status>(luma_result_run_status(handle_));
    }
    /** Returns the status in the gateway's own text. See luma_result_run_status_text(). */
    std::string_view run_status_text() const & noexcept
    {
        return luma_result_run_status_text(handle_);
    }
    /** Returns when the run started. See luma_result_run_start_time_ms(). */
    std::optional<time_point> run_start_time() const noexcept
    {
        return detail::time(luma_result_run_start_time_ms(handle_));
    }
    /** Returns when the run ended. See luma_result_run_end_time_ms(). */
    std::optional<time_point> run_end_time() const noexcept
    {
        return detail::time(luma_result_run_end_time_ms(handle_));
    }
    /** Returns how long the run took. See luma_result_run_time_spent_ms(). */
    std::optional<std::chrono::milliseconds> run_time_spent() const noexcept
    {
        return detail::duration(luma_result_run_time_spent_ms(handle_));
    }
    /** Returns the number of polls of a wait. See luma_result_poll_count(). */
    std::int32_t poll_count() const noexcept { return luma_result_poll_count(handle_); }
    /** Returns how long the wait had lasted at its last poll. See luma_result_wait_elapsed_ms(). */
    std::optional<std::chrono::milliseconds> wait_elapsed() const noexcept
    {
        return detail::duration(luma_result_wait_elapsed_ms(handle_));
    }
    /** Returns the input parameters of the run. See luma_result_parameter_count(). */
    luma::parameters parameters() const & noexcept
    {
        return luma::parameters(handle_, luma_result_parameter_count(handle_));
    }
    /** Returns the steps. See luma_result_step_count(). */
    luma::steps steps() const & noexcept
    {
        return luma::steps(handle_, luma_result_step_count(handle_));
    }
    /** Returns the workflow definitions. See luma_result_definition_count(). */
    luma::definitions definitions() const & noexcept
    {
        return luma::definitions(handle_, luma_result_definition_count(handle_));
    }
    /** Returns the launch URL, a secret. See luma_result_launch_url(). */
    std::string_view launch_url() const & noexcept { return luma_result_launch_url(handle_); }
    /** Returns the new access token, a secret. See luma_result_access_token(). */
    std::string_view access_token() const & noexcept { return luma_result_access_token(handle_); }

    /** Returns the JSON of the response. See luma_result_json(). */
    std::string_view json() const & noexcept
    {
        return std::string_view(luma_result_json(handle_), luma_result_json_length(handle_));
    }
    /** Returns the type of a value in the response. See luma_result_json_type(). */
    luma::json_type json_type(const text &json_pointer) const noexcept
    {
        return static_cast<luma::json_type>(luma_result_json_type(handle_, json_pointer.c_str()));
    }
    /** Returns a value as text, which may contain a NUL. See luma_result_string(). */
    std::string_view string(const text &json_pointer) const & noexcept
    {
        std::string_view value;
        static_cast<void>(try_string(json_pointer, value));
        return value;
    }
    /** Reads a value as text, and distinguishes a missing value. See luma_result_text(). */
    [[nodiscard]] std::int32_t try_string(const text &json_pointer,
                                          std::string_view &value) const & noexcept
    {
        const char *string = "";
        std::size_t length = 0;
        const std::int32_t status = luma_result_text(handle_, json_pointer.c_str(), &string,
                                                     &length);
        value = std::string_view(string, length);
        return status;
    }
    /** Reads an integer from the response; 0 on failure. See luma_result_int64(). */
    [[nodiscard]] std::int32_t try_int64(const text &json_pointer,
                                         std::int64_t &value) const noexcept
    {
        return luma_result_int64(handle_, json_pointer.c_str(), &value);
    }
    /** Reads true or false from the response; false on failure. See luma_result_bool(). */
    [[nodiscard]] std::int32_t try_boolean(const text &json_pointer, bool &value) const noexcept
    {
        std::int32_t number = 0;
        const std::int32_t status = luma_result_bool(handle_, json_pointer.c_str(), &number);
        value = number != 0;
        return status;
    }
    /** Counts array elements or object members; 0 on failure. See luma_result_count(). */
    [[nodiscard]] std::int32_t try_count(const text &json_pointer,
                                         std::size_t &value) const noexcept
    {
        return luma_result_count(handle_, json_pointer.c_str(), &value);
    }
#if LUMA_HPP_EXCEPTIONS
    /**
     * Reads an integer from the response. See luma_result_int64().
     *
     * Throws an error with LUMA_ERROR_POINTER_*. Its outcome is that of this result, because the
     * error says nothing new about the call.
     */
    std::int64_t int64(const text &json_pointer) const
    {
        std::int64_t value = 0;
        check(try_int64(json_pointer, value));
        return value;
    }
    /** Reads true or false from the response; throws like int64(). See luma_result_bool(). */
    bool boolean(const text &json_pointer) const
    {
        bool value = false;
        check(try_boolean(json_pointer, value));
        return value;
    }
    /** Counts array elements or object members; throws like int64(). See luma_result_count(). */
    std::size_t count(const text &json_pointer) const
    {
        std::size_t value = 0;
        check(try_count(json_pointer, value));
        return value;
    }
#endif

    /** @cond The borrowed values would outlive a temporary result. */
    std::string_view message() const && = delete;
    luma::errors errors() const && = delete;
    std::string_view request_id() const && = delete;
    std::string_view trigger_id() const && = delete;
    std::string_view journal_key() const && = delete;
    std::string_view run_status_text() const && = delete;
    luma::parameters parameters() const && = delete;
    luma::steps steps() const && = delete;
    luma::definitions definitions() const && = delete;
    std::string_view launch_url() const && = delete;
    std::string_view access_token() const && = delete;
    std::string_view json() const && = delete;
    std::string_view string(const text &json_pointer) const && = delete;
    std::int32_t try_string(const text &json_pointer, std::string_view &value) const && = delete;

protected:
    const luma_result *handle_;
    /** @endcond */
#if LUMA_HPP_EXCEPTIONS

private:
    void check(std::int32_t status) const;
#endif
};

/** The result of a call. Any number of threads may read it at the same time. */
class [[nodiscard]] result : public result_view {
public:
    /** Takes ownership of a result of luma.h. */
    explicit result(luma_result *handle) noexcept : result_view(handle) {}
    /** Moves a result. */
    result(result &&other) noexcept : result_view(std::exchange(other.handle_, nullptr)) {}
    /** Moves a result. */
    result &operator=(result &&other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    /** Frees the result. See luma_result_free(). */
    ~result() { luma_result_free(const_cast<luma_result *>(handle_)); }
};

#if LUMA_HPP_EXCEPTIONS

/** The exception for a status other than LUMA_OK. what() is one line for a log. */
class error : public std::runtime_error {
public:
    /** An argument was refused before anything was sent. */
    explicit error(std::int32_t status) : error(status, luma::outcome::not_sent) {}
    /** An error without a result. An empty message is replaced by that of the status. */
    error(std::int32_t status, luma::outcome outcome, const char *message = "")
        : std::runtime_error(*message == '\0' ? luma_status_message(status) : message),
          status_(status), outcome_(outcome), details_(nullptr), owner_()
    {
    }
    /** A call failed. */
    explicit error(result failed)
        : std::runtime_error(std::string(failed.message())), status_(failed.status()),
          outcome_(failed.outcome()), details_(failed.get()),
          owner_(std::make_shared<const result>(std::move(failed)))
    {
    }

    /** One of LUMA_ERROR_*. */
    [[nodiscard]] std::int32_t status() const noexcept { return status_; }
    /** What is certain about the request that failed. */
    luma::outcome outcome() const noexcept { return outcome_; }
    /** The same as what(). */
    std::string_view message() const noexcept { return what(); }
    /**
     * The result of the call: its HTTP status, the gateway's errors, the response, the last state
     * that a wait saw, and the elements of an incomplete list. If there is no result, all getters
     * return empty values.
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

/* Returns the result of a call that succeeded; throws that of one that failed. */
inline result checked(result called)
{
    if (called.status() != LUMA_OK)
        throw error(std::move(called));
    return called;
}

} // namespace detail

inline void result_view::check(std::int32_t status) const
{
    if (status != LUMA_OK)
        throw error(status, outcome());
}

#endif

namespace detail {

/* Why an object has no handle, or which setter failed. */
struct failure {
    std::int32_t status = LUMA_OK;
    result reason = result(nullptr);

    failure() noexcept = default;
    /* The reason is NULL on success, and may be on failure. */
    failure(std::int32_t why, luma_result *handle) noexcept : status(why), reason(handle) {}

    std::string_view message() const noexcept
    {
        if (status == LUMA_OK || reason.get() != nullptr)
            return reason.message();
        return status_message(status);
    }

#if LUMA_HPP_EXCEPTIONS
    /* Throws if a constructor failed. */
    void check()
    {
        if (reason.get() != nullptr)
            throw error(std::move(reason));
        detail::check(status);
    }
    /* Throws if a setter failed. */
    void keep(std::int32_t why, const char *message)
    {
        if (why != LUMA_OK)
            throw error(why, outcome::not_sent, message);
    }
#else
    /* Keeps the first failure of a setter. */
    void keep(std::int32_t why, const char *) noexcept
    {
        if (status == LUMA_OK)
            status = why;
    }
#endif
};

} // namespace detail

/**
 * A log callback, see luma_log_fn. It runs on several threads at once if several make calls. What
 * it throws is ignored, because logging must not change the call.
 */
using on_log = std::function<void(log_level level, std::string_view line)>;

namespace detail {

/* Runs a callback for C. Calls `caught` if it throws. */
template <class Body, class Caught> auto guarded(const Body &body, const Caught &caught) noexcept
{
#if LUMA_HPP_EXCEPTIONS
    try {
        return body();
    } catch (...) {
        return caught();
    }
#else
    static_cast<void>(caught);
    return body();
#endif
}

/* Calls a log callback from C. */
inline void log(std::int32_t level, const char *line, void *user_data) noexcept
{
    const auto &callback = *static_cast<const on_log *>(user_data);
    guarded([&] { callback(static_cast<log_level>(level), line); }, [] {});
}

} // namespace detail

/**
 * A token provider, see luma_token_fn: returns the current access token, or "" if there is none. It
 * runs on several threads at once if several make calls. If it throws, there is no token.
 */
using on_token = std::function<std::string()>;

namespace detail {

/* Calls a token provider from C. It is called again if its token is longer than the buffer. */
inline std::size_t token(char *buffer, std::size_t size, void *user_data) noexcept
{
    const auto body = [&]() -> std::size_t {
        std::string token = (*static_cast<const on_token *>(user_data))();
        const std::size_t length = token.size();
        if (length <= size)
            token.copy(buffer, length);
        /* Not optimised away, unlike a memset of a string that is destroyed next. */
        for (char &c : token)
            *static_cast<volatile char *>(&c) = 0;
        return length;
    };
    return guarded(body, []() -> std::size_t { return 0; });
}

/* Hands a callback over to the library. `destroy` deletes it. */
template <class Callback> void *released(Callback callback)
{
    return callback ? new Callback(std::move(callback)) : nullptr;
}
template <class Callback> void destroy(void *callback) noexcept
{
    delete static_cast<Callback *>(callback);
}

} // namespace detail

class client;

/**
 * The settings of a client. Used by one thread at a time.
 *
 * The message of an error that a setter throws is that of luma_config_message().
 */
class config {
public:
    /** Creates a configuration with default settings. See luma_config_new_with_reason(). */
    static config try_new(const text &base_url, const text &access_token) noexcept
    {
        luma_config *handle = nullptr;
        luma_result *reason = nullptr;
        const std::int32_t status = luma_config_new_with_reason(
            base_url.c_str(), access_token.c_str(), &handle, &reason);
        return config(handle, detail::failure(status, reason));
    }
    /** Reads a configuration file. See luma_config_new_from_file(). */
    static config try_from_file(const text &path = nullptr, const text &profile = nullptr) noexcept
    {
        luma_config *handle = nullptr;
        luma_result *reason = nullptr;
        const std::int32_t status = luma_config_new_from_file(path.c_str(), profile.c_str(),
                                                              &handle, &reason);
        return config(handle, detail::failure(status, reason));
    }
    /** Reads the environment. See luma_config_new_from_environment(). */
    static config try_from_environment() noexcept
    {
        luma_config *handle = nullptr;
        luma_result *reason = nullptr;
        const std::int32_t status = luma_config_new_from_environment(&handle, &reason);
        return config(handle, detail::failure(status, reason));
    }
#if LUMA_HPP_EXCEPTIONS
    /** The same as try_new(), but throws. */
    config(const text &base_url, const text &access_token) : config(try_new(base_url, access_token))
    {
        failure_.check();
    }
    /** The same as try_from_file(), but throws. */
    static config from_file(const text &path = nullptr, const text &profile = nullptr)
    {
        config settings = try_from_file(path, profile);
        settings.failure_.check();
        return settings;
    }
    /** The same as try_from_environment(), but throws. */
    static config from_environment()
    {
        config settings = try_from_environment();
        settings.failure_.check();
        return settings;
    }
#endif

    /** The handle, for the functions of luma.h. NULL after a failure, see status(). */
    luma_config *get() const noexcept
    {
        return failure_.status == LUMA_OK ? handle_.get() : nullptr;
    }
    /** LUMA_OK, or why try_new() failed, or without exceptions the first setter. */
    [[nodiscard]] std::int32_t status() const noexcept { return failure_.status; }
    /** That message, or where the settings come from. See luma_config_message(). */
    std::string_view message() const noexcept
    {
        return handle_ ? luma_config_message(handle_.get()) : failure_.message();
    }

    /** The folder of the journal, borrowed from this. See luma_config_journal_folder(). */
    std::string_view journal_folder() const & noexcept { return luma_config_journal_folder(get()); }

    /** Sets the header that carries the access token. See luma_config_set_auth_scheme(). */
    config &set_auth_scheme(auth_scheme scheme)
    {
        return set(luma_config_set_auth_scheme(get(), static_cast<std::int32_t>(scheme)));
    }
    /** Adds a header to every request. See luma_config_add_header(). */
    config &add_header(const text &name, const text &value)
    {
        return set(luma_config_add_header(get(), name.c_str(), value.c_str()));
    }
    /** Sets the connect timeout. See luma_config_set_connect_timeout_ms(). */
    config &set_connect_timeout(std::chrono::milliseconds timeout)
    {
        return set(luma_config_set_connect_timeout_ms(get(), timeout.count()));
    }
    /** Sets the timeout of a whole call. See luma_config_set_timeout_ms(). */
    config &set_timeout(std::chrono::milliseconds timeout)
    {
        return set(luma_config_set_timeout_ms(get(), timeout.count()));
    }
    /** Sets the largest response body. See luma_config_set_max_response_bytes(). */
    config &set_max_response_bytes(std::int64_t max_response_bytes)
    {
        return set(luma_config_set_max_response_bytes(get(), max_response_bytes));
    }
    /** Allows http:// beyond loopback and through proxies. See luma_config_set_allow_http(). */
    config &set_allow_http(bool allow)
    {
        return set(luma_config_set_allow_http(get(), allow ? 1 : 0));
    }
    /** Trusts the given CA certificates only. See luma_config_set_ca_pem(). */
    config &set_ca_pem(const text &pem) { return set(luma_config_set_ca_pem(get(), pem.c_str())); }
    /** Trusts the CA certificates in a file only. See luma_config_set_ca_file(). */
    config &set_ca_file(const text &path)
    {
        return set(luma_config_set_ca_file(get(), path.c_str()));
    }
    /** Trusts further CA certificates. See luma_config_add_ca_pem(). */
    config &add_ca_pem(const text &pem) { return set(luma_config_add_ca_pem(get(), pem.c_str())); }
    /** Trusts further CA certificates from a file. See luma_config_add_ca_file(). */
    config &add_ca_file(const text &path)
    {
        return set(luma_config_add_ca_file(get(), path.c_str()));
    }
    /** Sets the client certificate. See luma_config_set_client_certificate_pem(). */
    config &set_client_certificate_pem(const text &chain_pem, const text &key_pem)
    {
        return set(
            luma_config_set_client_certificate_pem(get(), chain_pem.c_str(), key_pem.c_str()));
    }
    /** Sets the client certificate from files. See luma_config_set_client_certificate_file(). */
    config &set_client_certificate_file(const text &chain_path, const text &key_path)
    {
        return set(
            luma_config_set_client_certificate_file(get(), chain_path.c_str(), key_path.c_str()));
    }
    /** Sets the idle limit of triggers. See luma_config_set_trigger_max_idle_ms(). */
    config &set_trigger_max_idle(std::chrono::milliseconds max_idle)
    {
        return set(luma_config_set_trigger_max_idle_ms(get(), max_idle.count()));
    }
    /** Sets the idle limit of reads. See luma_config_set_read_max_idle_ms(). */
    config &set_read_max_idle(std::chrono::milliseconds max_idle)
    {
        return set(luma_config_set_read_max_idle_ms(get(), max_idle.count()));
    }
    /** Sets the number of idle connections to keep. See luma_config_set_max_idle_connections(). */
    config &set_max_idle_connections(std::int64_t max_idle_connections)
    {
        return set(luma_config_set_max_idle_connections(get(), max_idle_connections));
    }
    /** Turns retries on or off. See luma_config_set_retries(). */
    config &set_retries(bool enabled)
    {
        return set(luma_config_set_retries(get(), enabled ? 1 : 0));
    }
    /**
     * Sets the log callback. See luma_config_set_log_with_free(). It is destroyed when this
     * configuration and the clients created from it do not use it any more.
     */
    config &set_log(log_level level, on_log callback)
    {
        void *owned = detail::released(std::move(callback));
        return set(luma_config_set_log_with_free(get(), static_cast<std::int32_t>(level),
                                                 owned ? detail::log : nullptr, owned,
                                                 detail::destroy<on_log>));
    }
    /**
     * Sets a callback that returns the current access token. See
     * luma_config_set_token_provider_with_free(). It is destroyed when this configuration and the
     * clients created from it do not use it any more.
     */
    config &set_token_provider(on_token callback)
    {
        void *owned = detail::released(std::move(callback));
        return set(luma_config_set_token_provider_with_free(get(), owned ? detail::token : nullptr,
                                                            owned, detail::destroy<on_token>));
    }
    /** Appends log lines to a file. See luma_config_log_to_file(). */
    config &log_to_file(log_level level, const text &path)
    {
        return set(luma_config_log_to_file(get(), static_cast<std::int32_t>(level), path.c_str()));
    }
    /** Appends log lines to a file as JSON. See luma_config_log_to_json_file(). */
    config &log_to_json_file(log_level level, const text &path)
    {
        return set(
            luma_config_log_to_json_file(get(), static_cast<std::int32_t>(level), path.c_str()));
    }
    /** Sets the proxy. See luma_config_set_proxy(). */
    config &set_proxy(const text &url) { return set(luma_config_set_proxy(get(), url.c_str())); }
    /** Sets whether Windows may find the proxy. See luma_config_set_auto_proxy(). */
    config &set_auto_proxy(bool enabled)
    {
        return set(luma_config_set_auto_proxy(get(), enabled ? 1 : 0));
    }
    /** Sets the name of your application. See luma_config_set_application_id(). */
    config &set_application_id(const text &application_id)
    {
        return set(luma_config_set_application_id(get(), application_id.c_str()));
    }

private:
    friend class client;

    config(luma_config *handle, detail::failure failure) noexcept
        : failure_(std::move(failure)), handle_(handle)
    {
    }

    config &set(std::int32_t status)
    {
        failure_.keep(status, luma_config_message(get()));
        return *this;
    }

    detail::failure failure_;
    std::unique_ptr<luma_config, detail::deleter<luma_config, luma_config_free>> handle_;
};

/**
 * A workflow to run, with its variables and its initiator. Used by one thread at a time.
 *
 * The message of an error that a setter throws is that of luma_trigger_request_message().
 */
class trigger_request {
public:
    /** Creates a request to run a workflow. See luma_trigger_request_new_with_reason(). */
    static trigger_request try_new(const text &workflow_identifier) noexcept
    {
        luma_trigger_request *handle = nullptr;
        luma_result *reason = nullptr;
        const std::int32_t status = luma_trigger_request_new_with_reason(
            workflow_identifier.c_str(), &handle, &reason);
        return trigger_request(handle, detail::failure(status, reason));
    }
#if LUMA_HPP_EXCEPTIONS
    /** The same as try_new(), but throws. */
    explicit trigger_request(const text &workflow_identifier)
        : trigger_request(try_new(workflow_identifier))
    {
        failure_.check();
    }
#endif

    /** The handle, for the functions of luma.h. NULL after a failure, see status(). */
    luma_trigger_request *get() const noexcept
    {
        return failure_.status == LUMA_OK ? handle_.get() : nullptr;
    }
    /** LUMA_OK, or why try_new() failed, or without exceptions the first setter. */
    [[nodiscard]] std::int32_t status() const noexcept { return failure_.status; }
    /** The message of that failure. See luma_trigger_request_message(). */
    std::string_view message() const noexcept
    {
        return handle_ ? luma_trigger_request_message(handle_.get()) : failure_.message();
    }

    /** Sets a variable to a string. See luma_trigger_request_set_variable(). */
    trigger_request &set_variable(const text &name, const text &value)
    {
        return set(luma_trigger_request_set_variable(get(), name.c_str(), value.c_str()));
    }
    /**
     * Sets a variable to a number or to true or false. See
     * luma_trigger_request_set_variable_int64(), luma_trigger_request_set_variable_double() and
     * luma_trigger_request_set_variable_bool().
     *
     * An integer keeps every digit, also above INT64_MAX. A character or a long double does not
     * compile: convert it to what the workflow expects.
     */
    template <class Number, class = std::enable_if_t<detail::is_number<Number>>>
    trigger_request &set_variable(const text &name, Number value)
    {
        if constexpr (std::is_same_v<Number, bool>)
            return set(luma_trigger_request_set_variable_bool(get(), name.c_str(), value ? 1 : 0));
        else if constexpr (std::is_floating_point_v<Number>)
            return set(luma_trigger_request_set_variable_double(get(), name.c_str(), value));
        else if constexpr (sizeof(Number) < sizeof(std::int64_t) || std::is_signed_v<Number>)
            return set(luma_trigger_request_set_variable_int64(get(), name.c_str(), value));
        else /* It may exceed INT64_MAX. */
            return set_variable_json(name, std::to_string(value));
    }
    /** Sets a variable that is secret. See luma_trigger_request_set_secret_variable(). */
    trigger_request &set_secret_variable(const text &name, const text &value)
    {
        return set(luma_trigger_request_set_secret_variable(get(), name.c_str(), value.c_str()));
    }
    /** Sets a variable to any JSON value. See luma_trigger_request_set_variable_json(). */
    trigger_request &set_variable_json(const text &name, const text &json)
    {
        return set(luma_trigger_request_set_variable_json(get(), name.c_str(), json.c_str()));
    }
    /** Replaces all variables. See luma_trigger_request_set_variables_json(). */
    trigger_request &set_variables_json(const text &json_object)
    {
        return set(luma_trigger_request_set_variables_json(get(), json_object.c_str()));
    }
    /** Compares without a variable. See luma_trigger_request_exclude_from_digest(). */
    trigger_request &exclude_from_digest(const text &name)
    {
        return set(luma_trigger_request_exclude_from_digest(get(), name.c_str()));
    }
    /** Sets the contact on whose behalf it runs. See luma_trigger_request_set_initiator(). */
    trigger_request &set_initiator(std::int64_t contact_id, std::int64_t application_id)
    {
        return set(luma_trigger_request_set_initiator(get(), contact_id, application_id));
    }
    /** Sets one entry of the initiation info. See luma_trigger_request_set_initiation_info(). */
    trigger_request &set_initiation_info(const text &key, const text &value)
    {
        return set(luma_trigger_request_set_initiation_info(get(), key.c_str(), value.c_str()));
    }

private:
    trigger_request(luma_trigger_request *handle, detail::failure failure) noexcept
        : failure_(std::move(failure)), handle_(handle)
    {
    }

    trigger_request &set(std::int32_t status)
    {
        failure_.keep(status, luma_trigger_request_message(get()));
        return *this;
    }

    detail::failure failure_;
    std::unique_ptr<luma_trigger_request,
                    detail::deleter<luma_trigger_request, luma_trigger_request_free>>
        handle_;
};

/** The answer of a once_store, one of LUMA_CLAIM_*. */
enum class [[nodiscard]] claim : std::int32_t {
    failed = 0, /**< The store failed, so nothing is sent. */
    granted = LUMA_CLAIM_GRANTED,
    accepted = LUMA_CLAIM_ACCEPTED,
    in_progress = LUMA_CLAIM_IN_PROGRESS,
    unresolved = LUMA_CLAIM_UNRESOLVED,
    other_request = LUMA_CLAIM_OTHER_REQUEST
};

/** A store of claims that several machines share. See luma_trigger_workflow_once_with_store(). */
class once_store {
public:
    virtual ~once_store() = default;
    /**
     * Claims a key durably, see luma_claim_fn. Sets trigger_id if it returns claim::accepted. An
     * exception is claim::failed.
     */
    virtual claim claim_key(std::string_view key, std::string_view digest,
                            std::string_view intent_json, std::string &trigger_id) = 0;
    /**
     * Stores the outcome of a claim, see luma_complete_fn. Returns false if that failed, which an
     * exception means too.
     */
    virtual bool complete(std::string_view key, outcome outcome, std::string_view trigger_id) = 0;
};

namespace detail {

/* Calls a store from C. */
inline std::int32_t claimed(const char *key, const char *digest, const char *intent_json,
                            char *trigger_id, std::size_t size, void *user_data) noexcept
{
#if LUMA_HPP_EXCEPTIONS
    try {
#endif
        std::string id;
        const claim answer = static_cast<once_store *>(user_data)->claim_key(key, digest,
                                                                             intent_json, id);
        if (answer == claim::accepted) {
            if (id.size() >= size)
                return LUMA_CLAIM_UNRESOLVED;
            trigger_id[id.copy(trigger_id, id.size())] = '\0';
        }
        return static_cast<std::int32_t>(answer);
#if LUMA_HPP_EXCEPTIONS
    } catch (...) {
        return static_cast<std::int32_t>(claim::failed);
    }
#endif
}

/* Calls a store from C. */
inline std::int32_t completed(const char *key, std::int32_t outcome, const char *trigger_id,
                              void *user_data) noexcept
{
#if LUMA_HPP_EXCEPTIONS
    try {
#endif
        const bool is_stored = static_cast<once_store *>(user_data)->complete(
            key, static_cast<luma::outcome>(outcome), trigger_id);
        return is_stored ? 0 : 1;
#if LUMA_HPP_EXCEPTIONS
    } catch (...) {
        return 1;
    }
#endif
}

} // namespace detail

/**
 * A journal of triggers that are delivered at most once per key. Any number of threads may use it
 * at the same time.
 */
class [[nodiscard]] journal {
public:
    /** Opens a journal. Never creates one. See luma_journal_open(). */
    static journal try_new(const text &folder) noexcept
    {
        luma_journal *handle = nullptr;
        luma_result *reason = nullptr;
        const std::int32_t status = luma_journal_open(folder.c_str(), &handle, &reason);
        return journal(handle, detail::failure(status, reason));
    }
#if LUMA_HPP_EXCEPTIONS
    /** The same as try_new(), but throws. */
    explicit journal(const text &folder) : journal(try_new(folder)) { failure_.check(); }
#endif

    /** The handle, for the functions of luma.h. NULL after a failure, see status(). */
    luma_journal *get() const noexcept { return handle_.get(); }
    /** LUMA_OK, or why try_new() failed. */
    [[nodiscard]] std::int32_t status() const noexcept { return failure_.status; }
    /** The message of that failure. */
    std::string_view message() const noexcept { return failure_.message(); }

    /**
     * Creates a journal, once. Returns nothing if it was created, else the reason. See
     * luma_journal_create().
     */
    [[nodiscard]] static std::optional<result> try_create(const text &folder,
                                                          const text &base_url) noexcept
    {
        luma_result *reason = nullptr;
        if (luma_journal_create(folder.c_str(), base_url.c_str(), &reason) == LUMA_OK)
            return std::nullopt;
        return result(reason);
    }
    /** Returns what is known about a key. See luma_journal_find(). */
    result try_find(const text &key) const noexcept
    {
        return call([&](luma_result **out) { return luma_journal_find(get(), key.c_str(), out); });
    }
    /** Lists the keys that somebody has to look at. See luma_journal_unfinished(). */
    result try_unfinished() const noexcept
    {
        return call([&](luma_result **out) { return luma_journal_unfinished(get(), out); });
    }
    /** Records that the end of a run was seen. See luma_journal_acknowledge(). */
    result try_acknowledge(const text &key) const noexcept
    {
        return call(
            [&](luma_result **out) { return luma_journal_acknowledge(get(), key.c_str(), out); });
    }
    /**
     * Settles a key whose outcome is unknown. A trigger_id of nullptr means that there is no run.
     * See luma_journal_resolve().
     */
    result try_resolve(const text &key, const text &trigger_id, const text &who,
                       const text &reason) const noexcept
    {
        return call([&](luma_result **out) {
            return luma_journal_resolve(get(), key.c_str(), trigger_id.c_str(), who.c_str(),
                                        reason.c_str(), out);
        });
    }
    /** Allows one more run for an accepted key. See luma_journal_new_attempt(). */
    result try_new_attempt(const text &key, const text &who, const text &reason) const noexcept
    {
        return call([&](luma_result **out) {
            return luma_journal_new_attempt(get(), key.c_str(), who.c_str(), reason.c_str(), out);
        });
    }
    /** Removes keys that are finished and older than a time. See luma_journal_prune(). */
    result try_prune(std::chrono::milliseconds older_than) const noexcept
    {
        return call(
            [&](luma_result **out) { return luma_journal_prune(get(), older_than.count(), out); });
    }

#if LUMA_HPP_EXCEPTIONS
    /** Creates a journal, once. See luma_journal_create(). */
    static void create(const text &folder, const text &base_url)
    {
        if (std::optional<result> reason = try_create(folder, base_url))
            throw error(std::move(*reason));
    }
    /** Returns what is known about a key. See luma_journal_find(). */
    result find(const text &key) const { return detail::checked(try_find(key)); }
    /** Lists the keys that somebody has to look at. See luma_journal_unfinished(). */
    result unfinished() const { return detail::checked(try_unfinished()); }
    /** Records that the end of a run was seen. See luma_journal_acknowledge(). */
    result acknowledge(const text &key) const { return detail::checked(try_acknowledge(key)); }
    /**
     * Settles a key whose outcome is unknown. A trigger_id of nullptr means that there is no run.
     * See luma_journal_resolve().
     */
    result resolve(const text &key, const text &trigger_id, const text &who,
                   const text &reason) const
    {
        return detail::checked(try_resolve(key, trigger_id, who, reason));
    }
    /** Allows one more run for an accepted key. See luma_journal_new_attempt(). */
    result new_attempt(const text &key, const text &who, const text &reason) const
    {
        return detail::checked(try_new_attempt(key, who, reason));
    }
    /** Removes keys that are finished and older than a time. See luma_journal_prune(). */
    result prune(std::chrono::milliseconds older_than) const
    {
        return detail::checked(try_prune(older_than));
    }
#endif

private:
    journal(luma_journal *handle, detail::failure failure) noexcept
        : failure_(std::move(failure)), handle_(handle)
    {
    }

    template <class Function> static result call(const Function &function)
    {
        luma_result *out = nullptr;
        static_cast<void>(function(&out)); /* The result has the same status. */
        return result(out);
    }

    detail::failure failure_;
    std::unique_ptr<luma_journal, detail::deleter<luma_journal, luma_journal_free>> handle_;
};

/**
 * A poll callback, see luma_poll_fn. A wait calls it after each poll, on the waiting thread.
 *
 * It returns poll::go_on, or poll::stop to stop the wait. An exception stops the wait too, and the
 * wait rethrows it instead of a luma::error. The run is not affected.
 */
using on_poll = std::function<poll(const result_view &result)>;

namespace detail {

struct client_deleter {
    void operator()(luma_client *handle) const noexcept { luma_client_free(handle); }
};

/* A wait in progress. */
struct waiting {
    const on_poll &callback;
#if LUMA_HPP_EXCEPTIONS
    std::exception_ptr thrown = nullptr;
#endif
};

/* Calls a poll callback from C. */
inline std::int32_t polled(const luma_result *result, void *user_data) noexcept
{
    auto *waiting = static_cast<detail::waiting *>(user_data);
    const auto stop = [&] {
#if LUMA_HPP_EXCEPTIONS
        waiting->thrown = std::current_exception();
#endif
        return poll::stop;
    };
    const auto body = [&] { return waiting->callback(result_view(result)); };
    return static_cast<std::int32_t>(guarded(body, stop));
}

} // namespace detail

/** A client of one gateway. Any number of threads may use it at the same time. */
class [[nodiscard]] client {
public:
    /** Creates a client with the settings of a configuration. See luma_client_new_with_reason(). */
    static client try_new(const config &settings) noexcept
    {
        luma_client *handle = nullptr;
        luma_result *reason = nullptr;
        const std::int32_t status = luma_client_new_with_reason(settings.get(), &handle, &reason);
        return client(owner(handle), detail::failure(status, reason));
    }
    /** Creates a client with default settings. See luma_client_new(). */
    static client try_new(const text &base_url, const text &access_token) noexcept
    {
        config settings = config::try_new(base_url, access_token);
        if (settings.status() != LUMA_OK)
            return client(owner(), std::move(settings.failure_));
        return try_new(settings);
    }
    /** Creates a client as the environment says. See luma_client_new_from_environment(). */
    static client try_from_environment() noexcept
    {
        luma_client *handle = nullptr;
        luma_result *reason = nullptr;
        const std::int32_t status = luma_client_new_from_environment(&handle, &reason);
        return client(owner(handle, detail::client_deleter{}), detail::failure(status, reason));
    }
#if LUMA_HPP_EXCEPTIONS
    /** The same as try_from_environment(), but throws. */
    static client from_environment()
    {
        client created = try_from_environment();
        created.failure_.check();
        return created;
    }
    /** The same as try_new(), but throws. */
    client(const text &base_url, const text &access_token) : client(config(base_url, access_token))
    {
    }
    /** The same as try_new(), but throws. */
    explicit client(const config &settings) : client(try_new(settings)) { failure_.check(); }
#endif

    /** The handle, for the functions of luma.h. NULL after a failure, see status(). */
    luma_client *get() const noexcept { return handle_.get(); }
    /** LUMA_OK, or why the function that created it failed. */
    [[nodiscard]] std::int32_t status() const noexcept { return failure_.status; }
    /** The message of that failure. */
    std::string_view message() const noexcept { return failure_.message(); }

    /**
     * Replaces the access token. Returns nothing if it was replaced, else the reason. See
     * luma_client_set_access_token_with_reason().
     */
    [[nodiscard]] std::optional<result> try_set_access_token(const text &access_token) noexcept
    {
        luma_result *reason = nullptr;
        const std::int32_t status = luma_client_set_access_token_with_reason(
            get(), access_token.c_str(), &reason);
        if (status == LUMA_OK)
            return std::nullopt;
        return result(reason);
    }

    /** Cancels all calls and waits in progress. See luma_client_cancel(). */
    std::int32_t try_cancel() noexcept { return luma_client_cancel(get()); }

    /** Cancels all calls and waits, and refuses later ones. See luma_client_close(). */
    std::int32_t try_close() noexcept { return luma_client_close(get()); }

    /** Refuses new calls, lets those in progress end, and closes. See luma_client_drain(). */
    [[nodiscard]] std::int32_t try_drain(std::chrono::milliseconds timeout) noexcept
    {
        return luma_client_drain(get(), timeout.count());
    }

    /** Returns what the client has done so far, for monitoring. See luma_client_counter(). */
    std::int64_t count(counter of) const noexcept
    {
        return luma_client_counter(get(), static_cast<std::int32_t>(of));
    }

    /** Creates a client that uses a given request id. See luma_client_with_request_id(). */
    client try_with_request_id(const text &request_id) const noexcept
    {
        luma_client *handle = nullptr;
        const std::int32_t status = luma_client_with_request_id(get(), request_id.c_str(), &handle);
        return client(owner(handle), detail::failure(status, nullptr));
    }

    /** Creates a client with another timeout. See luma_client_with_timeout_ms(). */
    client try_with_timeout(std::chrono::milliseconds timeout) const noexcept
    {
        luma_client *handle = nullptr;
        const std::int32_t status = luma_client_with_timeout_ms(get(), timeout.count(), &handle);
        return client(owner(handle), detail::failure(status, nullptr));
    }

    /** Creates a client that is cancelled on its own. See luma_client_with_own_cancel(). */
    client try_with_own_cancel() const noexcept
    {
        luma_client *handle = nullptr;
        const std::int32_t status = luma_client_with_own_cancel(get(), &handle);
        return client(owner(handle), detail::failure(status, nullptr));
    }

    /** Opens a connection ahead of time. See luma_client_connect(). */
    result try_connect() const noexcept
    {
        return call([&](luma_result **out) { return luma_client_connect(get(), out); });
    }
    /** Triggers a workflow. See luma_trigger_workflow(). */
    result try_trigger_workflow(const trigger_request &request) const noexcept
    {
        return call(
            [&](luma_result **out) { return luma_trigger_workflow(get(), request.get(), out); });
    }
    /** Triggers a workflow with a JSON request. See luma_trigger_workflow_json(). */
    result try_trigger_workflow_json(const text &request_json) const noexcept
    {
        return call([&](luma_result **out) {
            return luma_trigger_workflow_json(get(), request_json.c_str(), out);
        });
    }
    /**
     * Triggers a workflow at most once per key. result::status() is LUMA_ALREADY_ACCEPTED if it was
     * accepted before. See luma_trigger_workflow_once().
     */
    result try_trigger_workflow_once(const journal &journal, const text &key,
                                     const trigger_request &request) const noexcept
    {
        return call([&](luma_result **out) {
            return luma_trigger_workflow_once(get(), journal.get(), key.c_str(), request.get(),
                                              out);
        });
    }
    /**
     * Triggers a workflow at most once per key, on several machines. See
     * luma_trigger_workflow_once_with_store().
     */
    result try_trigger_workflow_once_with_store(once_store &store, const text &digest_secret,
                                                const text &key,
                                                const trigger_request &request) const noexcept
    {
        return call([&](luma_result **out) {
            return luma_trigger_workflow_once_with_store(get(), detail::claimed, detail::completed,
                                                         &store, digest_secret.c_str(), key.c_str(),
                                                         request.get(), out);
        });
    }
    /** Gets the status of a run. See luma_get_workflow_history(). */
    result try_get_workflow_history(const text &trigger_id) const noexcept
    {
        return call([&](luma_result **out) {
            return luma_get_workflow_history(get(), trigger_id.c_str(), out);
        });
    }
    /** Lists the steps of a run. See luma_list_workflow_steps(). */
    result try_list_workflow_steps(const text &trigger_id, const text &filter = nullptr,
                                   const text &order_by = nullptr, std::int64_t skip = 0,
                                   std::int64_t top = 0) const noexcept
    {
        return call([&](luma_result **out) {
            return luma_list_workflow_steps(get(), trigger_id.c_str(), filter.c_str(),
                                            order_by.c_str(), skip, top, out);
        });
    }
    /** Gets one step of a run. See luma_get_workflow_step(). */
    result try_get_workflow_step(const text &trigger_id, const text &step_id) const noexcept
    {
        return call([&](luma_result **out) {
            return luma_get_workflow_step(get(), trigger_id.c_str(), step_id.c_str(), out);
        });
    }
    /** Generates a launch URL. See luma_generate_launch_url(). */
    result try_generate_launch_url(const text &trigger_id) const noexcept
    {
        return call([&](luma_result **out) {
            return luma_generate_launch_url(get(), trigger_id.c_str(), out);
        });
    }
    /** Lists the workflow definitions. See luma_list_workflow_definitions(). */
    result try_list_workflow_definitions(const text &filter = nullptr,
                                         const text &order_by = nullptr, std::int64_t skip = 0,
                                         std::int64_t top = 0) const noexcept
    {
        return call([&](luma_result **out) {
            return luma_list_workflow_definitions(get(), filter.c_str(), order_by.c_str(), skip,
                                                  top, out);
        });
    }
    /** Generates a new access token for a tenant. See luma_regenerate_tenant_token(). */
    result try_regenerate_tenant_token(const text &super_admin_token,
                                       const text &tenant_external_id) const noexcept
    {
        return call([&](luma_result **out) {
            return luma_regenerate_tenant_token(get(), super_admin_token.c_str(),
                                                tenant_external_id.c_str(), out);
        });
    }
    /**
     * Waits until a run ends. See luma_wait_for_workflow().
     *
     * Rethrows what the callback threw, and throws nothing else.
     */
    result try_wait_for_workflow(const text &trigger_id, std::chrono::milliseconds timeout,
                                 const on_poll &callback = nullptr) const
    {
        return wait(luma_wait_for_workflow, trigger_id, timeout, callback);
    }
    /** Waits until a run ends or is suspended. See luma_wait_for_workflow_or_suspension(). */
    result try_wait_for_workflow_or_suspension(const text &trigger_id,
                                               std::chrono::milliseconds timeout,
                                               const on_poll &callback = nullptr) const
    {
        return wait(luma_wait_for_workflow_or_suspension, trigger_id, timeout, callback);
    }

#if LUMA_HPP_EXCEPTIONS
    /** Replaces the access token. See luma_client_set_access_token_with_reason(). */
    void set_access_token(const text &access_token)
    {
        if (std::optional<result> reason = try_set_access_token(access_token))
            throw error(std::move(*reason));
    }
    /** Cancels all calls and waits in progress. See luma_client_cancel(). */
    void cancel() { detail::check(try_cancel()); }
    /** Cancels all calls and waits, and refuses later ones. See luma_client_close(). */
    void close() { detail::check(try_close()); }
    /** Refuses new calls, lets those in progress end, and closes. See luma_client_drain(). */
    void drain(std::chrono::milliseconds timeout) { detail::check(try_drain(timeout)); }
    /** Creates a client that uses a given request id. See luma_client_with_request_id(). */
    client with_request_id(const text &request_id) const
    {
        client created = try_with_request_id(request_id);
        created.failure_.check();
        return created;
    }
    /** Creates a client with another timeout. See luma_client_with_timeout_ms(). */
    client with_timeout(std::chrono::milliseconds timeout) const
    {
        client created = try_with_timeout(timeout);
        created.failure_.check();
        return created;
    }
    /** Creates a client that is cancelled on its own. See luma_client_with_own_cancel(). */
    client with_own_cancel() const
    {
        client created = try_with_own_cancel();
        created.failure_.check();
        return created;
    }
    /** Opens a connection ahead of time. See luma_client_connect(). */
    result connect() const { return detail::checked(try_connect()); }
    /** Triggers a workflow. Returns only if it was accepted. See luma_trigger_workflow(). */
    result trigger_workflow(const trigger_request &request) const
    {
        return detail::checked(try_trigger_workflow(request));
    }
    /** Triggers a workflow with a JSON request. See luma_trigger_workflow_json(). */
    result trigger_workflow_json(const text &request_json) const
    {
        return detail::checked(try_trigger_workflow_json(request_json));
    }
    /**
     * Triggers a workflow at most once per key. Returns only if it was accepted, now or before:
     * then result::status() is LUMA_ALREADY_ACCEPTED. See luma_trigger_workflow_once().
     */
    result trigger_workflow_once(const journal &journal, const text &key,
                                 const trigger_request &request) const
    {
        return accepted(try_trigger_workflow_once(journal, key, request));
    }
    /**
     * The same with a store that several machines share. See
     * luma_trigger_workflow_once_with_store().
     */
    result trigger_workflow_once_with_store(once_store &store, const text &digest_secret,
                                            const text &key, const trigger_request &request) const
    {
        return accepted(try_trigger_workflow_once_with_store(store, digest_secret, key, request));
    }
    /** Gets the status of a run. See luma_get_workflow_history(). */
    result get_workflow_history(const text &trigger_id) const
    {
        return detail::checked(try_get_workflow_history(trigger_id));
    }
    /** Lists the steps of a run. See luma_list_workflow_steps(). */
    result list_workflow_steps(const text &trigger_id, const text &filter = nullptr,
                               const text &order_by = nullptr, std::int64_t skip = 0,
                               std::int64_t top = 0) const
    {
        return detail::checked(try_list_workflow_steps(trigger_id, filter, order_by, skip, top));
    }
    /** Gets one step of a run. See luma_get_workflow_step(). */
    result get_workflow_step(const text &trigger_id, const text &step_id) const
    {
        return detail::checked(try_get_workflow_step(trigger_id, step_id));
    }
    /** Generates a launch URL. See luma_generate_launch_url(). */
    result generate_launch_url(const text &trigger_id) const
    {
        return detail::checked(try_generate_launch_url(trigger_id));
    }
    /** Lists the workflow definitions. See luma_list_workflow_definitions(). */
    result list_workflow_definitions(const text &filter = nullptr, const text &order_by = nullptr,
                                     std::int64_t skip = 0, std::int64_t top = 0) const
    {
        return detail::checked(try_list_workflow_definitions(filter, order_by, skip, top));
    }
    /** Generates a new access token for a tenant. See luma_regenerate_tenant_token(). */
    result regenerate_tenant_token(const text &super_admin_token,
                                   const text &tenant_external_id) const
    {
        return detail::checked(try_regenerate_tenant_token(super_admin_token, tenant_external_id));
    }
    /**
     * Waits until a run ends. See luma_wait_for_workflow().
     *
     * Returns the final state, also if the run failed or was terminated. Throws if the wait timed
     * out or the callback stopped it.
     */
    result wait_for_workflow(const text &trigger_id, std::chrono::milliseconds timeout,
                             const on_poll &callback = nullptr) const
    {
        return detail::checked(try_wait_for_workflow(trigger_id, timeout, callback));
    }
    /** Waits until a run ends or is suspended. See luma_wait_for_workflow_or_suspension(). */
    result wait_for_workflow_or_suspension(const text &trigger_id,
                                           std::chrono::milliseconds timeout,
                                           const on_poll &callback = nullptr) const
    {
        return detail::checked(try_wait_for_workflow_or_suspension(trigger_id, timeout, callback));
    }
#endif

private:
    using owner = std::unique_ptr<luma_client, detail::client_deleter>;

    client(owner handle, detail::failure failure) noexcept
        : failure_(std::move(failure)), handle_(std::move(handle))
    {
    }

    template <class Function> static result call(const Function &function)
    {
        luma_result *out = nullptr;
        static_cast<void>(function(&out)); /* The result has the same status. */
        return result(out);
    }

#if LUMA_HPP_EXCEPTIONS
    static result accepted(result called)
    {
        if (called.status() == LUMA_ALREADY_ACCEPTED)
            return called;
        return detail::checked(std::move(called));
    }
#endif

    result wait(decltype(&luma_wait_for_workflow) function, const text &trigger_id,
                std::chrono::milliseconds timeout, const on_poll &callback) const
    {
        detail::waiting waiting{callback};
        result ended = call([&](luma_result **out) {
            return function(get(), trigger_id.c_str(), timeout.count(),
                            callback ? detail::polled : nullptr, &waiting, out);
        });
#if LUMA_HPP_EXCEPTIONS
        if (waiting.thrown)
            std::rethrow_exception(std::move(waiting.thrown));
#endif
        return ended;
    }

    detail::failure failure_;
    owner handle_;
};

/**
 * A wait for one run that its owner drives, see luma_wait. Used by one thread at a time.
 *
 *     luma::wait wait(client, trigger_id);
 *     while (auto pause = wait.next_poll()) {
 *         std::this_thread::sleep_for(*pause); // or something else in the meantime
 *         std::cout << wait.poll().message() << '\n';
 *     }
 *     const luma::result run = wait.poll(); // how the wait ended; sends nothing
 */
class [[nodiscard]] wait {
public:
    /** Opens a wait. A timeout of 0 means none. See luma_wait_new(). */
    static wait try_new(const client &client, const text &trigger_id,
                        std::chrono::milliseconds timeout = {}) noexcept
    {
        luma_wait *handle = nullptr;
        const std::int32_t status = luma_wait_new(client.get(), trigger_id.c_str(), timeout.count(),
                                                  &handle);
        return wait(handle, detail::failure(status, nullptr));
    }
#if LUMA_HPP_EXCEPTIONS
    /** The same as try_new(), but throws. */
    wait(const client &client, const text &trigger_id, std::chrono::milliseconds timeout = {})
        : wait(try_new(client, trigger_id, timeout))
    {
        failure_.check();
    }
#endif

    /** The handle, for the functions of luma.h. NULL after a failure, see status(). */
    luma_wait *get() const noexcept { return handle_.get(); }
    /** LUMA_OK, or why try_new() failed. */
    [[nodiscard]] std::int32_t status() const noexcept { return failure_.status; }
    /** The message of that failure. */
    std::string_view message() const noexcept { return failure_.message(); }

    /** Sets whether a suspended run ends the wait, too. See luma_wait_set_until_suspended(). */
    void set_until_suspended(bool on) noexcept
    {
        static_cast<void>(luma_wait_set_until_suspended(get(), on ? 1 : 0)); /* Cannot fail. */
    }
    /**
     * Polls the run once, now. The status of the result is LUMA_ERROR_WAIT_OPEN until the wait has
     * ended, so this function does not throw. See luma_wait_poll().
     */
    result poll() noexcept
    {
        luma_result *out = nullptr;
        static_cast<void>(luma_wait_poll(get(), &out)); /* The result has the same status. */
        return result(out);
    }
    /** Returns how long to wait before the next poll; nothing if the wait has ended. */
    [[nodiscard]] std::optional<std::chrono::milliseconds> next_poll() const noexcept
    {
        return detail::duration(luma_wait_next_poll_ms(get()));
    }

private:
    wait(luma_wait *handle, detail::failure failure) noexcept
        : failure_(std::move(failure)), handle_(handle)
    {
    }

    detail::failure failure_;
    std::unique_ptr<luma_wait, detail::deleter<luma_wait, luma_wait_free>> handle_;
};

/**
 * A set of waits: follows many runs on one thread, or on a few. Any number of threads may use it
 * at the same time. See luma_wait_set.
 *
 *     luma::wait_set set(client);
 *     set.add(trigger_id, 0s, &ticket);
 *     while (set.count() > 0) {
 *         const luma::wait_set::change change = set.next();
 *         std::cout << change.what.trigger_id() << ' ' << change.what.message() << '\n';
 *     }
 */
class [[nodiscard]] wait_set {
public:
    /** What luma_wait_set_next() returned. */
    struct [[nodiscard]] change {
        /** About a run, or if its trigger_id() is empty, about the whole set. */
        result what;
        /** What was added with the run; nullptr if this is about the whole set. */
        void *user_data;
    };

    /** Creates an empty set. See luma_wait_set_new(). */
    static wait_set try_new(const client &client) noexcept
    {
        luma_wait_set *handle = nullptr;
        const std::int32_t status = luma_wait_set_new(client.get(), &handle);
        return wait_set(handle, detail::failure(status, nullptr));
    }
#if LUMA_HPP_EXCEPTIONS
    /** The same as try_new(), but throws. */
    explicit wait_set(const client &client) : wait_set(try_new(client)) { failure_.check(); }
#endif

    /** The handle, for the functions of luma.h. NULL after a failure, see status(). */
    luma_wait_set *get() const noexcept { return handle_.get(); }
    /** LUMA_OK, or why try_new() failed. */
    [[nodiscard]] std::int32_t status() const noexcept { return failure_.status; }
    /** The message of that failure. */
    std::string_view message() const noexcept { return failure_.message(); }

    /** Limits the polls per second. See luma_wait_set_max_polls_per_second(). */
    std::int32_t try_set_max_polls_per_second(std::int64_t polls_per_second) noexcept
    {
        return luma_wait_set_max_polls_per_second(get(), polls_per_second);
    }
    /** Adds a run. A timeout of 0 means none. See luma_wait_set_add(). */
    std::int32_t try_add(const text &trigger_id, std::chrono::milliseconds timeout = {},
                         void *user_data = nullptr) noexcept
    {
        return luma_wait_set_add(get(), trigger_id.c_str(), timeout.count(), user_data);
    }
    /** Removes a run. See luma_wait_set_remove(). */
    std::int32_t try_remove(const text &trigger_id) noexcept
    {
        return luma_wait_set_remove(get(), trigger_id.c_str());
    }
#if LUMA_HPP_EXCEPTIONS
    /** Limits the polls per second. See luma_wait_set_max_polls_per_second(). */
    void set_max_polls_per_second(std::int64_t polls_per_second)
    {
        detail::check(try_set_max_polls_per_second(polls_per_second));
    }
    /** Adds a run. A timeout of 0 means none. See luma_wait_set_add(). */
    void add(const text &trigger_id, std::chrono::milliseconds timeout = {},
             void *user_data = nullptr)
    {
        detail::check(try_add(trigger_id, timeout, user_data));
    }
    /** Removes a run. See luma_wait_set_remove(). */
    void remove(const text &trigger_id) { detail::check(try_remove(trigger_id)); }
#endif

    /**
     * Returns the next change of a run. Without a timeout, there is no limit. It does not throw:
     * look at the status of the result. See luma_wait_set_next().
     */
    change next(std::optional<std::chrono::milliseconds> timeout = std::nullopt) noexcept
    {
        luma_result *out = nullptr;
        void *user_data = nullptr;
        /* A negative timeout is out of range; -1 alone would mean none. */
        const std::int64_t timeout_ms = !timeout               ? -1
                                        : timeout->count() < 0 ? INT64_MIN
                                                               : timeout->count();
        static_cast<void>(luma_wait_set_next(get(), timeout_ms, &out, &user_data));
        return change{result(out), user_data};
    }
    /** Returns the number of runs in the set. See luma_wait_set_count(). */
    [[nodiscard]] std::size_t count() const noexcept { return luma_wait_set_count(get()); }
    /** Ends the calls of next() in progress, or the next one. See luma_wait_set_wake(). */
    void wake() noexcept { static_cast<void>(luma_wait_set_wake(get())); }
    /** Ends all calls of next(), those in progress and later ones. See luma_wait_set_close(). */
    void close() noexcept { static_cast<void>(luma_wait_set_close(get())); }

private:
    wait_set(luma_wait_set *handle, detail::failure failure) noexcept
        : failure_(std::move(failure)), handle_(handle)
    {
    }

    detail::failure failure_;
    std::unique_ptr<luma_wait_set, detail::deleter<luma_wait_set, luma_wait_set_free>> handle_;
};

#if !LUMA_HPP_EXCEPTIONS
} // namespace without_exceptions
#endif

} // namespace luma

#endif /* C++17 */

#endif
