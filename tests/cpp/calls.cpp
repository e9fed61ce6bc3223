/*
 * Makes every call in C++ and reads its result. callbacks.cpp is the other half of the program.
 *
 * LUMA_URL, LUMA_TOKEN, LUMA_SUPER_ADMIN_TOKEN and LUMA_TENANT_EXTERNAL_ID identify a simulator.
 */
#include <luma.hpp>
#include <luma.hpp>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "check.hpp"

using namespace std::chrono_literals;
using namespace std::string_literals;

template <class Owner>
constexpr bool move_only = std::is_nothrow_move_constructible_v<Owner> &&
                           std::is_nothrow_move_assignable_v<Owner> &&
                           !std::is_copy_constructible_v<Owner> &&
                           !std::is_copy_assignable_v<Owner>;
static_assert(move_only<luma::client> && move_only<luma::config> &&
              move_only<luma::trigger_request> && move_only<luma::result>);
static_assert(std::is_nothrow_copy_constructible_v<luma::error>);
static_assert(!std::is_constructible_v<luma::result_view, luma::result>);

template <class Result, class = void> constexpr bool has_trigger_id = false;
template <class Result>
constexpr bool has_trigger_id<Result, std::void_t<decltype(std::declval<Result>().trigger_id())>> =
    true;
static_assert(has_trigger_id<luma::result &> && has_trigger_id<const luma::result_view &>);
static_assert(!has_trigger_id<luma::result> && !has_trigger_id<luma::result_view>);

static void names()
{
    CHECK(luma::version() == luma_version());
    CHECK(luma::status_name(LUMA_ERROR_DNS) == "LUMA_ERROR_DNS");
    CHECK(luma::status_message(LUMA_ERROR_DNS) == luma_status_message(LUMA_ERROR_DNS));
    CHECK(luma::name(luma::outcome::not_sent) == "NOT_SENT");
    CHECK(luma::name(luma::outcome::none).empty());
    CHECK(luma::name(luma::run_status::suspended) == "SUSPENDED");
    CHECK(luma::is_final(luma::run_status::failed));
    CHECK(!luma::is_final(luma::run_status::other));
}

static void files_and_environment()
{
    const luma::config file = luma::config::from_file("tests/fixtures/luma.json", "none");
    CHECK(file.message() == "settings from tests/fixtures/luma.json, profile none");
    CHECK(file.journal_folder().find("journal") != std::string_view::npos);
    CHECK_THROWS(luma::config::from_file("tests/fixtures/luma.json"), LUMA_ERROR_PROFILE, not_sent);
    CHECK_THROWS(luma::config::from_file("/nowhere/l"), LUMA_ERROR_CONFIG_FILE_MISSING, not_sent);
    CHECK(luma::config::from_environment().journal_folder().empty());
    CHECK(luma::client::from_environment().list_workflow_definitions().status() == LUMA_OK);
}

static luma::config settings()
{
    luma::config config(std::getenv("LUMA_URL"), std::getenv("LUMA_TOKEN"));
    config.set_auth_scheme(luma::auth_scheme::api_access_key)
        .set_connect_timeout(5s)
        .set_timeout(30s)
        .set_max_response_bytes(1 << 20)
        .set_allow_http(false)
        .set_proxy("direct")
        .set_auto_proxy(false)
        .set_application_id("AcmeDesk/4.2")
        .set_trigger_max_idle(2s)
        .set_read_max_idle(15s)
        .set_max_idle_connections(8)
        .set_retries(false);
    CHECK_THROWS(config.set_timeout(-1ms), LUMA_ERROR_TIMEOUT_RANGE, not_sent);
    CHECK_THROWS(config.set_connect_timeout(25h), LUMA_ERROR_TIMEOUT_RANGE, not_sent);
    CHECK_THROWS(config.set_max_response_bytes(0), LUMA_ERROR_MAX_RESPONSE_BYTES, not_sent);
    CHECK_THROWS(config.set_auth_scheme(luma::auth_scheme{9}), LUMA_ERROR_AUTH_SCHEME, not_sent);
    CHECK_THROWS(config.set_ca_pem("no certificate"), LUMA_ERROR_CA_PEM, not_sent);
    CHECK_THROWS(config.set_proxy("gopher://x"), LUMA_ERROR_PROXY, not_sent);
    CHECK_THROWS(config.set_application_id(""), LUMA_ERROR_APPLICATION_ID, not_sent);
    CHECK(luma::name(luma::log_level::warn) == "WARN");
    CHECK_THROWS(config.log_to_file(luma::log_level::info, "/nowhere/l"), LUMA_ERROR_LOG_FILE,
                 not_sent);
    CHECK_THROWS(config.log_to_json_file(luma::log_level::info, "/nowhere/l"), LUMA_ERROR_LOG_FILE,
                 not_sent);
    config.add_header("X-Key", "k");
    config.set_token_provider([] { return std::string("t"); }).set_token_provider(nullptr);
    CHECK_THROWS(config.add_header("Host", "k"), LUMA_ERROR_HEADER, not_sent);
    CHECK_THROWS(config.set_ca_file("/nowhere"), LUMA_ERROR_CA_FILE, not_sent);
    try {
        config.set_ca_file("/nowhere");
    } catch (const luma::error &error) {
        CHECK(error.message() == luma_config_message(config.get()));
        CHECK(error.message().find("/nowhere") != std::string_view::npos);
    }
    CHECK_THROWS(config.add_ca_pem("no certificate"), LUMA_ERROR_CA_PEM, not_sent);
    CHECK_THROWS(config.add_ca_file("/nowhere"), LUMA_ERROR_CA_FILE, not_sent);
    CHECK_THROWS(config.set_client_certificate_pem("no certificate", "no key"),
                 LUMA_ERROR_CLIENT_CERTIFICATE, not_sent);
    CHECK_THROWS(config.set_client_certificate_file("/nowhere", "/nowhere"),
                 LUMA_ERROR_CLIENT_CERTIFICATE, not_sent);
    CHECK_THROWS(config.set_trigger_max_idle(-1ms), LUMA_ERROR_MAX_IDLE, not_sent);
    CHECK_THROWS(config.set_read_max_idle(-1ms), LUMA_ERROR_MAX_IDLE, not_sent);
    CHECK_THROWS(config.set_max_idle_connections(1025), LUMA_ERROR_MAX_IDLE_CONNECTIONS, not_sent);
    CHECK_THROWS(config.set_log(luma::log_level{9}, [](luma::log_level, std::string_view) {}),
                 LUMA_ERROR_LOG_LEVEL, not_sent);
    return config;
}

/* The message of the error that this throws. */
template <class Body> static std::string message(const Body &body)
{
    try {
        body();
    } catch (const luma::error &error) {
        return std::string(error.message());
    }
    return "";
}

static void owners(luma::client &client)
{
    CHECK_THROWS(luma::client("https://", "token"), LUMA_ERROR_BASE_URL_SYNTAX, not_sent);
    CHECK_THROWS(luma::client("http://acme.example", "token"), LUMA_ERROR_BASE_URL_INSECURE,
                 not_sent);
    CHECK_THROWS(luma::config("https://acme.example", ""), LUMA_ERROR_ACCESS_TOKEN, not_sent);
    CHECK_THROWS(luma::trigger_request(""), LUMA_ERROR_WORKFLOW_IDENTIFIER, not_sent);

    /* An exception has the reason, not only the status. */
    CHECK(message([] { luma::config("https://acme.example", "Bearer x"); }) ==
          "access_token starts with \"Bearer \"; remove it, the library adds it");
    CHECK(message([] { static_cast<void>(luma::client("\"https://acme.example\"", "x")); }) ==
          "base_url starts or ends with a quotation mark; remove it");
    CHECK(message([] { luma::trigger_request("w\n"); }) ==
          "workflowIdentifier ends with a line break; remove it");
    CHECK(message([&client] { client.set_access_token(" x"); }) ==
          "access_token starts with a blank; remove it");
    CHECK(message([] { luma::trigger_request("w").set_initiator(-4, 7); }) ==
          "contact -4 and application 7 are swapped: -4 is the id of an application");
    CHECK(message([] { luma::trigger_request("w").set_variable_json("a", "[\n1,"); }) ==
          "variable \"a\": json is not valid JSON: EOF while parsing a value at line 2 column 2");

    luma::client moved = std::move(client);
    CHECK(client.get() == nullptr);
    CHECK_THROWS(client.list_workflow_definitions(), LUMA_ERROR_NULL_ARGUMENT_1, not_sent);
    CHECK_THROWS(client.set_access_token("x"), LUMA_ERROR_NULL_ARGUMENT_1, not_sent);
    client = std::move(moved);

    luma::result first = client.list_workflow_definitions(nullptr, nullptr, 0, 1);
    luma::result second = std::move(first);
    CHECK(first.get() == nullptr && first.json().empty() && first.definitions().empty());
    CHECK(first.outcome() == luma::outcome::none);
    CHECK(second.definitions().size() == 1);
    first = client.list_workflow_definitions(nullptr, nullptr, 0, 2);
    second = std::move(first);
    CHECK(second.definitions().size() == 2);

    /* Takes ownership of a result from C. */
    luma_result *raw = nullptr;
    CHECK(luma_get_workflow_history(client.get(), "a/b", &raw) == LUMA_ERROR_TRIGGER_ID);
    const luma::result owned(raw);
    CHECK(owned.get() == raw && owned.status() == LUMA_ERROR_TRIGGER_ID);
    CHECK(owned.outcome() == luma::outcome::not_sent);
}

template <class Value, class = void> constexpr bool is_variable = false;
template <class Value>
constexpr bool is_variable<Value, std::void_t<decltype(std::declval<luma::trigger_request &>()
                                                           .set_variable("a", Value()))>> = true;
static_assert(is_variable<std::string> && is_variable<std::nullptr_t> && is_variable<float>);
static_assert(is_variable<std::int8_t> && is_variable<std::uint8_t> && is_variable<long>);
static_assert(!is_variable<char> && !is_variable<wchar_t> && !is_variable<char16_t>);
static_assert(!is_variable<long double> && !is_variable<void *> && !is_variable<int *>);
static_assert(!is_variable<luma::outcome>);

/* A variable has the type of its argument, and no pointer becomes true. */
static void typed_variables(const luma::client &client)
{
    const std::size_t size = 250;
    const bool force = true;
    const char *name = "jdoe";
    luma::trigger_request request("unlock_account");
    request.set_variable("userName", name)
        .set_variable("zero", 0)
        .set_variable("size", size)
        .set_variable("force", force)
        .set_variable("least", INT64_MIN)
        .set_variable("greatest", UINT64_MAX)
        .set_variable("byte", std::uint8_t{200})
        .set_variable("short", short{-7})
        .set_variable("half", 0.5F)
        .set_variable("tenth", 0.1);
    const luma::result run = client.trigger_workflow(request);
    const luma::result history = client.get_workflow_history(run.trigger_id());
    std::string values;
    for (const luma::parameter parameter : history.parameters())
        values.append(parameter.name()).append("=").append(parameter.value()).append(" ");
    for (const char *expected :
         {"userName=jdoe ", "zero=0 ", "size=250 ", "force=true ", "least=-9223372036854775808 ",
          "greatest=18446744073709551615 ", "byte=200 ", "short=-7 ", "half=0.5 ", "tenth=0.1 "})
        CHECK(values.find(expected) != std::string::npos);
    CHECK_THROWS(request.set_variable("a", std::numeric_limits<double>::quiet_NaN()),
                 LUMA_ERROR_JSON, not_sent);
    CHECK_THROWS(request.set_variable("", 1), LUMA_ERROR_VARIABLE_NAME, not_sent);
    CHECK_THROWS(request.set_variable("", false), LUMA_ERROR_VARIABLE_NAME, not_sent);
}

/* String arguments of every type, and those that C would truncate or refuse. */
static void strings(const luma::client &client)
{
    const std::string text = "a string that is too long to be kept within std::string itself";
    luma::trigger_request request("reset_password"s);
    request.set_variable("userName", text)
        .set_variable("notifyBy"s, std::string_view("emails").substr(0, 5))
        .set_initiator(4021, LUMA_APPLICATION_ISM)
        .set_initiation_info("ticketIdentifier", "100-1");
    const luma::result run = client.trigger_workflow(request);
    const luma::result history = client.get_workflow_history(run.trigger_id());
    const std::string parameters = "/resultData/inputParameters/inputParameters";
    std::vector<std::string_view> values;
    for (std::size_t i = 0; i < history.count(parameters); i++)
        values.push_back(history.string(parameters + "/" + std::to_string(i) + "/value"));
    CHECK(std::find(values.begin(), values.end(), text) != values.end());
    CHECK(std::find(values.begin(), values.end(), "email") != values.end());

    using namespace std::string_view_literals;
#ifdef __cpp_lib_char8_t
    luma::trigger_request german(u8"unlock_account");
    german.set_variable(u8"userName", u8"J\u00fcrgen");
    CHECK(client.trigger_workflow(german).outcome() == luma::outcome::accepted);
    const luma::text filter(u8"name=='*Pass*'"s), none(static_cast<const char8_t *>(nullptr));
    CHECK(client.list_workflow_definitions(filter, none).count("/resultData") == 1);
    CHECK(luma::text(u8"J\u00fcrgen").c_str() == "J\xc3\xbcrgen"sv);
    CHECK(luma::text(u8"J\u00fcrgen; Bob"sv.substr(0, 7)).c_str() == "J\xc3\xbcrgen"sv);
    CHECK_THROWS(german.set_variable(u8"a", u8"x\0y"s), LUMA_ERROR_UTF8_ARGUMENT_3, not_sent);
#endif
    CHECK_THROWS(request.set_variable("a", "x\0y"s), LUMA_ERROR_UTF8_ARGUMENT_3, not_sent);
    CHECK_THROWS(request.set_variable("a\0"sv, "x"), LUMA_ERROR_UTF8_ARGUMENT_2, not_sent);
    CHECK_THROWS(request.set_variable("a", "\xff"), LUMA_ERROR_UTF8_ARGUMENT_3, not_sent);
    CHECK_THROWS(request.set_variable("a", nullptr), LUMA_ERROR_NULL_ARGUMENT_3, not_sent);
    CHECK_THROWS(request.set_variable("", "x"), LUMA_ERROR_VARIABLE_NAME, not_sent);
    CHECK_THROWS(request.set_secret_variable("", "x"), LUMA_ERROR_VARIABLE_NAME, not_sent);
    CHECK_THROWS(request.set_variable_json("a", "{"), LUMA_ERROR_JSON, not_sent);
    CHECK_THROWS(request.set_variables_json("[]"), LUMA_ERROR_VARIABLES, not_sent);
    CHECK_THROWS(request.set_initiator(1, INT64_MAX), LUMA_ERROR_INITIATOR_APPLICATION, not_sent);
    CHECK_THROWS(request.set_initiation_info("", "x"), LUMA_ERROR_INITIATION_INFO, not_sent);
    CHECK_THROWS(client.get_workflow_history("x\0y"s), LUMA_ERROR_UTF8_ARGUMENT_2, not_sent);
}

/* Each outcome, and the contents of an error. */
static void errors(const luma::client &client)
{
    luma::trigger_request request("reset_password");
    request.set_variables_json("{\"notifyBy\":\"email\"}").set_variable_json("attempts", "3");
    try {
        (void)client.trigger_workflow(request);
        CHECK(false);
    } catch (const std::exception &exception) {
        const auto *thrown = dynamic_cast<const luma::error *>(&exception);
        CHECK(thrown != nullptr);
        const luma::error error = *thrown; /* shares the result */
        CHECK(error.status() == LUMA_ERROR_VALIDATION);
        CHECK(error.outcome() == luma::outcome::rejected);
        CHECK(error.message() == error.details().message());
        CHECK(error.details().status() == LUMA_ERROR_VALIDATION);
        CHECK(error.details().http_status() >= 200);
        CHECK(error.details().trigger_id().empty());
        std::vector<std::string> reasons;
        for (const std::string_view reason : error.details().errors())
            reasons.emplace_back(reason);
        CHECK(reasons.size() >= 1 && reasons.size() == error.details().errors().size());
        CHECK(reasons[0] == error.details().errors()[0] && !reasons[0].empty());
        CHECK(error.details().errors()[reasons.size()].empty());
        CHECK(error.details().string("/status") == "DataValidationError");
    }
    /* The same without an exception, also where exceptions are on. */
    const luma::result rejected = client.try_trigger_workflow(request);
    CHECK(rejected.outcome() == luma::outcome::rejected && rejected.errors().size() >= 1);
    CHECK(luma::config::try_new("https://acme.example", "").status() == LUMA_ERROR_ACCESS_TOKEN);
    const char *reset = "{\"workflowIdentifier\":\"fault-reset-after-reading\"}";
    CHECK_THROWS(client.trigger_workflow_json(reset), LUMA_ERROR_CONNECTION_LOST, unknown);
    CHECK_THROWS(client.trigger_workflow_json("[]"), LUMA_ERROR_JSON, not_sent);
    CHECK_THROWS(client.get_workflow_step("fault-status-403", "1"), LUMA_ERROR_FORBIDDEN, rejected);
    CHECK_THROWS(client.generate_launch_url("fault-html-200"), LUMA_ERROR_UNEXPECTED_RESPONSE,
                 unknown);
    CHECK_THROWS(client.list_workflow_definitions("no such&field"), LUMA_ERROR_VALIDATION,
                 rejected);
    CHECK_THROWS(client.list_workflow_steps("x", nullptr, nullptr, -1), LUMA_ERROR_SKIP, not_sent);
    try {
        (void)client.get_workflow_history("fault-rate-limited-429");
        CHECK(false);
    } catch (const luma::error &error) {
        CHECK(error.details().retry_after() == 7s);
    }

    /* An error without a result. */
    const luma::error error(LUMA_ERROR_TIMEOUT_RANGE);
    CHECK(error.what() == luma::status_message(LUMA_ERROR_TIMEOUT_RANGE));
    CHECK(error.details().get() == nullptr && error.details().message().empty());
    CHECK(error.details().outcome() == luma::outcome::none && error.details().errors().empty());
}

static void calls(luma::client &client)
{
    const luma::result run = client.trigger_workflow_json(
        "{\"workflowIdentifier\":\"inventory_scan\",\"variables\":{\"siteName\":\"x\"}}");
    CHECK(run.status() == LUMA_OK && run.outcome() == luma::outcome::accepted);
    CHECK(run.http_status() == 200 && !run.message().empty() && run.errors().empty());
    CHECK(!run.retry_after() && !run.wait_elapsed() && run.poll_count() == 0);
    CHECK(run.attempts() == 1 && !run.request_id().empty());
    CHECK(run.timing(luma::phase::total) > 0us && !run.timing(luma::phase::tls));
    CHECK(run.json() == luma_result_json(run.get()));
    CHECK(run.json_type("/resultData") == luma::json_type::object);
    CHECK(run.json_type("/nothing") == luma::json_type::absent);
    CHECK(run.int64("/timestamp") > 0 && run.count("/resultData") == 2);
    /* The outcome is that of the call, because the run exists: not one that allows a retry. */
    CHECK_THROWS(run.int64("/status"), LUMA_ERROR_POINTER_TYPE, accepted);
    CHECK_THROWS(run.count("status"), LUMA_ERROR_POINTER_SYNTAX, accepted);
    CHECK_THROWS(run.boolean("/nothing"), LUMA_ERROR_POINTER_NOT_FOUND, accepted);

    const luma::result history = client.get_workflow_history(run.trigger_id());
    CHECK(history.run_status() == luma::run_status::completed);
    CHECK(history.run_status_text() == "COMPLETED");
    CHECK(history.run_time_spent() == 0ms);
    CHECK(history.run_start_time()->time_since_epoch().count() ==
          luma_result_run_start_time_ms(history.get()));
    CHECK(history.run_end_time() == history.run_start_time());
    CHECK(!run.run_start_time() && !run.run_end_time() && !run.run_time_spent());

    const luma::result connected = client.connect();
    CHECK(!connected.peer_address().empty() && connected.tls_version().empty());
    CHECK(!connected.certificate_expires() && connected.timing(luma::phase::connect) >= 0us);
    CHECK(history.connection_reused() && !history.timing(luma::phase::connect));
    const luma::client named = client.with_request_id("100-1");
    CHECK(named.list_workflow_definitions(nullptr, nullptr, 0, 1).attempts() == 1);
    const luma::result named_history = named.get_workflow_history(run.trigger_id());
    CHECK(named_history.request_id() == "100-1");
    CHECK_THROWS(client.with_request_id(""), LUMA_ERROR_REQUEST_ID, not_sent);
    CHECK(named.count(luma::counter::calls_accepted) > 3);
    CHECK(named.count(static_cast<luma::counter>(0)) == -1);
    CHECK(luma::name(luma::counter::waits_open) == "WAITS_OPEN");
    luma::client scope = named.with_timeout(20s).with_own_cancel();
    CHECK(scope.get_workflow_history(run.trigger_id()).attempts() == 1);
    scope.drain(1s);
    CHECK_THROWS(scope.get_workflow_history(run.trigger_id()), LUMA_ERROR_CANCELLED, not_sent);
    CHECK(named.get_workflow_history(run.trigger_id()).status() == LUMA_OK);
    CHECK_THROWS(client.with_timeout(-1ms), LUMA_ERROR_TIMEOUT_RANGE, not_sent);

    const luma::result list = client.list_workflow_steps(run.trigger_id());
    std::size_t count = 0, timeless = 0;
    for (const luma::step step : list.steps()) {
        CHECK(step.id() == luma_result_step_id(list.get(), count));
        CHECK(step.name() == luma_result_step_name(list.get(), count));
        CHECK(step.status() == luma::run_status::completed);
        CHECK(step.status_text() == "COMPLETED");
        CHECK(step.start_time()->time_since_epoch() > 0ms);
        CHECK(step.end_time().has_value() == step.time_spent().has_value());
        timeless += step.end_time() ? 0 : 1;
        count++;
    }
    CHECK(count == 250 && timeless == 50);
    const luma::steps steps = list.steps();
    CHECK(steps.size() == 250 && steps[248].name() == "scan host 248" && steps[250].id().empty());
    const auto last = std::find_if(steps.begin(), steps.end(), [](const luma::step &step) {
        return step.name() == "End - Inventory Scan";
    });
    CHECK(std::distance(steps.begin(), last) == 249);
    const luma::result one = client.get_workflow_step(run.trigger_id(), steps[2].id());
    CHECK(one.steps().size() == 1 && (*one.steps().begin()).name() == steps[2].name());
    CHECK(client
              .list_workflow_steps(run.trigger_id(), "activityName=='scan host 24*'",
                                   "activityName desc", 1, 3)
              .count("/resultData") == 3);

    const luma::result workflows = client.list_workflow_definitions("name=='*Password*'");
    CHECK(workflows.definitions().size() == 1);
    for (const luma::definition definition : workflows.definitions()) {
        CHECK(definition.identifier() == "reset_password");
        CHECK(definition.name() == "Reset Password");
        CHECK(definition.description() == "Resets a directory password and tells the user");
        std::string names;
        for (const luma::definition_parameter parameter : definition.parameters()) {
            CHECK(parameter.data_type() == "TEXT" && parameter.caption().empty());
            CHECK(parameter.required() == (parameter.name() == "userName"));
            CHECK(parameter.description().empty());
            names.append(parameter.name()).append(" ");
        }
        CHECK(names == "userName notifyBy " && definition.parameters()[2].name().empty());
    }
    CHECK(workflows.page_status() == LUMA_OK);
    CHECK(workflows.definitions()[1].parameters().empty());
    const luma::parameters parameters = history.parameters();
    CHECK(parameters.size() == 1 && list.parameters().empty());
    for (const luma::parameter parameter : parameters) {
        CHECK(parameter.name() == luma_result_parameter_name(history.get(), 0));
        CHECK(parameter.value() == luma_result_parameter_value(history.get(), 0));
        CHECK(parameter.data_type() == "TEXT");
        CHECK(parameter.caption().empty() && parameter.description().empty());
    }
    CHECK(workflows.boolean("/resultData/0/inputParameters/parameters/0/required"));

    const luma::result picture = client.generate_launch_url(run.trigger_id());
    CHECK(picture.launch_url().substr(0, 7) == "http://");
    const luma::result token = client.regenerate_tenant_token(
        std::getenv("LUMA_SUPER_ADMIN_TOKEN"), std::getenv("LUMA_TENANT_EXTERNAL_ID"));
    CHECK_THROWS(client.list_workflow_definitions(), LUMA_ERROR_UNAUTHORIZED, rejected);
    client.set_access_token(token.access_token());
    CHECK(client.list_workflow_definitions().status() == LUMA_OK);
    CHECK_THROWS(client.set_access_token("a b"), LUMA_ERROR_ACCESS_TOKEN, not_sent);
}

static void waits(const luma::client &client)
{
    const std::string json =
        R"({"workflowIdentifier":"unlock_account","variables":{"userName":"jdoe"}})";
    const luma::result run = client.trigger_workflow_json(json);
    luma::wait wait(client, run.trigger_id(), 60s);
    wait.set_until_suspended(true);
    CHECK(wait.status() == LUMA_OK && wait.next_poll() == 0ms);
    luma::wait_set set(client);
    set.set_max_polls_per_second(100);
    set.add(run.trigger_id(), 60s, &wait);
    CHECK_THROWS(set.add(run.trigger_id()), LUMA_ERROR_ALREADY_IN_SET, not_sent);
    set.add("b");
    set.remove("b");
    CHECK_THROWS(set.remove("b"), LUMA_ERROR_NOT_IN_SET, not_sent);
    CHECK_THROWS(set.set_max_polls_per_second(0), LUMA_ERROR_MAX_POLLS_PER_SECOND, not_sent);
    std::int32_t status = LUMA_OK;
    while (const auto pause = wait.next_poll()) {
        std::this_thread::sleep_for(*pause);
        status = wait.poll().status();
        CHECK(status == LUMA_OK || status == LUMA_ERROR_WAIT_OPEN);
    }
    CHECK(status == LUMA_OK && wait.poll().run_status() == luma::run_status::completed);
    while (set.count() > 0) {
        const luma::wait_set::change change = set.next();
        CHECK(change.what.trigger_id() == run.trigger_id() && change.user_data == &wait);
        status = change.what.status();
    }
    CHECK(status == LUMA_OK);
    const luma::wait_set::change empty = set.next(1s);
    CHECK(empty.what.status() == LUMA_ERROR_SET_EMPTY && empty.user_data == nullptr);
    set.add("b");
    CHECK(set.next(-1ms).what.status() == LUMA_ERROR_TIMEOUT_RANGE);
    set.wake();
    CHECK(set.next().what.status() == LUMA_ERROR_WOKEN);
    set.close();
    CHECK(set.next(0s).what.status() == LUMA_ERROR_SET_CLOSED);
    CHECK_THROWS(luma::wait(client, "a/b"), LUMA_ERROR_TRIGGER_ID, not_sent);
}

/* A store whose claims last as long as the program. */
class memory_store : public luma::once_store {
public:
    luma::claim claim_key(std::string_view key, std::string_view digest, std::string_view json,
                          std::string &trigger_id) override
    {
        CHECK(digest.size() == 64 && json.find(std::string(key)) != std::string_view::npos);
        if (key == "throw")
            throw std::runtime_error("no database");
        if (id_.empty())
            return luma::claim::granted;
        trigger_id = id_;
        return luma::claim::accepted;
    }
    bool complete(std::string_view, luma::outcome outcome, std::string_view trigger_id) override
    {
        CHECK(outcome == luma::outcome::accepted);
        id_ = trigger_id;
        return false;
    }

private:
    std::string id_ = {};
};

/* A journal in a folder that LUMA_JOURNAL_FOLDER names; it does not exist yet. */
static void journals(const luma::client &client)
{
    const std::string folder = std::getenv("LUMA_JOURNAL_FOLDER");
    CHECK(luma::journal::try_new(folder).status() == LUMA_ERROR_JOURNAL_FOLDER);
    luma::journal::create(folder, std::getenv("LUMA_URL"));
    CHECK(luma::journal::try_create(folder, std::getenv("LUMA_URL"))->status() ==
          LUMA_ERROR_JOURNAL_EXISTS);
    const luma::journal journal(folder);

    luma::trigger_request request("reset_password");
    request.set_variable("userName", "jdoe").set_variable("at", "1").exclude_from_digest("at");
    const luma::result now = client.trigger_workflow_once(journal, "INC-1", request);
    CHECK(now.status() == LUMA_OK && now.journal_recorded() && now.journal_key() == "INC-1");
    const luma::result before = client.trigger_workflow_once(journal, "INC-1", request);
    CHECK(before.status() == LUMA_ALREADY_ACCEPTED && before.trigger_id() == now.trigger_id());
    CHECK(before.journal_time() == now.journal_time() && now.journal_time().has_value());
    try {
        request.set_variable("userName", "other");
        static_cast<void>(client.trigger_workflow_once(journal, "INC-1", request));
        CHECK(false);
    } catch (const luma::error &error) {
        CHECK(error.status() == LUMA_ERROR_KEY_OTHER_REQUEST);
        CHECK(error.outcome() == luma::outcome::not_sent);
    }
    CHECK(journal.unfinished().journal_count() == 1);
    CHECK(journal.acknowledge("INC-1").outcome() == luma::outcome::accepted);
    CHECK(journal.new_attempt("INC-1", "me", "again").outcome() == luma::outcome::not_sent);
    CHECK(journal.try_resolve("INC-1", nullptr, "me", "x").status() == LUMA_ERROR_KEY_STATE);
    CHECK(journal.find("INC-1").count("/history") == 4);
    CHECK(journal.prune(std::chrono::milliseconds(0)).journal_count() == 1);
    CHECK(journal.try_find("INC-1").status() == LUMA_ERROR_KEY_NOT_FOUND);

    memory_store store;
    const luma::result sent = client.trigger_workflow_once_with_store(store, "secret", "INC-2",
                                                                      request);
    CHECK(sent.status() == LUMA_OK && !sent.journal_recorded());
    const luma::result known = client.trigger_workflow_once_with_store(store, "secret", "INC-2",
                                                                       request);
    CHECK(known.status() == LUMA_ALREADY_ACCEPTED && known.trigger_id() == sent.trigger_id());
    CHECK(!known.journal_time().has_value());
    CHECK(client.try_trigger_workflow_once_with_store(store, "secret", "throw", request).status() ==
          LUMA_ERROR_JOURNAL_STORE);
}

int main()
{
    names();
    files_and_environment();
    luma::client client(settings());
    owners(client);
    strings(client);
    typed_variables(client);
    errors(client);
    callbacks(client);
    waits(client);
    journals(client);
    calls(client);
    return closing_line();
}
