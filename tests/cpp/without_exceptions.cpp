/*
 * Uses luma.hpp as a program without exceptions and run-time type information does.
 *
 * LUMA_URL, LUMA_TOKEN, LUMA_SUPER_ADMIN_TOKEN and LUMA_TENANT_EXTERNAL_ID identify a simulator.
 */
#include <luma.hpp>

#include <cstdint>
#include <cstdlib>
#include <type_traits>

#include "check.hpp"

using namespace std::chrono_literals;
using namespace std::string_literals;

static_assert(LUMA_HPP_EXCEPTIONS == 0);
static_assert(!std::is_constructible_v<luma::config, const char *, const char *> &&
              !std::is_constructible_v<luma::trigger_request, const char *> &&
              !std::is_constructible_v<luma::client, const luma::config &>);

template <class Client, class = void> constexpr bool throws = false;
template <class Client> constexpr bool throws<Client, std::void_t<decltype(&Client::close)>> = true;
static_assert(!throws<luma::client>);

/* The linker sees another name, so that a program may also use the types that throw. */
static_assert(std::is_same_v<luma::client, luma::without_exceptions::client>);

static void constructors()
{
    const luma::config config = luma::config::try_new("https://acme.example", "Bearer x");
    CHECK(config.status() == LUMA_ERROR_ACCESS_TOKEN && config.get() == nullptr);
    CHECK(config.message() ==
          "access_token starts with \"Bearer \"; remove it, the library adds it");
    const luma::client without_config = luma::client::try_new(config);
    CHECK(without_config.status() == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(without_config.message() == "argument 1 (config) is NULL");
    const luma::client wrong = luma::client::try_new("gopher://acme.example", "x");
    CHECK(wrong.status() == LUMA_ERROR_BASE_URL_SCHEME && !wrong.message().empty());
    const luma::result refused = wrong.try_list_workflow_definitions();
    CHECK(refused.status() == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(refused.outcome() == luma::outcome::not_sent);
    const luma::trigger_request request = luma::trigger_request::try_new("");
    CHECK(request.status() == LUMA_ERROR_WORKFLOW_IDENTIFIER && !request.message().empty());
}

/* The first setter that fails is kept. The object is refused from then on. */
static void setters(const luma::client &client)
{
    luma::config config = luma::config::try_new(std::getenv("LUMA_URL"), std::getenv("LUMA_TOKEN"));
    config.set_timeout(30s).set_log(luma::log_level::error,
                                    [](luma::log_level, std::string_view) {});
    CHECK(config.status() == LUMA_OK && config.message().empty() && config.get() != nullptr);
    config.set_timeout(-1ms)
        .set_proxy("gopher://x")
        .set_timeout(30s)
        .set_log(luma::log_level::off, nullptr);
    CHECK(config.status() == LUMA_ERROR_TIMEOUT_RANGE && config.get() == nullptr);
    CHECK(config.message().find("-1") != std::string_view::npos);
    CHECK(luma::client::try_new(config).status() == LUMA_ERROR_NULL_ARGUMENT_1);

    luma::trigger_request request = luma::trigger_request::try_new("unlock_account");
    request.set_variable("userName", "jdoe").set_variable("a\0b"s, "x").set_variable("c", 1);
    CHECK(request.status() == LUMA_ERROR_UTF8_ARGUMENT_2 && request.get() == nullptr);
    CHECK(!request.message().empty());
    const luma::result run = client.try_trigger_workflow(request);
    CHECK(run.status() == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(run.outcome() == luma::outcome::not_sent && run.trigger_id().empty());
}

static void calls(luma::client &client)
{
    luma::trigger_request request = luma::trigger_request::try_new("inventory_scan");
    request.set_initiator(4021, LUMA_APPLICATION_ISM)
        .set_initiation_info("ticketIdentifier", "100-1")
        .set_variable("siteName", "x");
    CHECK(request.status() == LUMA_OK && request.message().empty());
    const luma::result run = client.try_trigger_workflow(request);
    CHECK(run.status() == LUMA_OK && run.outcome() == luma::outcome::accepted);
    const std::string_view id = run.trigger_id();
    CHECK(client.try_get_workflow_history(id).run_status() == luma::run_status::completed);
    const luma::result steps = client.try_list_workflow_steps(id, nullptr, nullptr, 0, 2);
    CHECK(steps.steps().size() == 2);
    CHECK(client.try_get_workflow_step(id, steps.steps()[0].id()).status() == LUMA_OK);
    CHECK(!client.try_generate_launch_url(id).status());
    CHECK(client.try_list_workflow_definitions("name=='*Password*'").status() == LUMA_OK);
    CHECK(client.try_connect().status() == LUMA_OK);

    /* Each outcome is a normal return. */
    const luma::result rejected = client.try_trigger_workflow_json(
        "{\"workflowIdentifier\":\"reset_password\"}");
    CHECK(rejected.outcome() == luma::outcome::rejected && rejected.errors().size() == 1);
    const luma::result unknown = client.try_trigger_workflow_json(
        "{\"workflowIdentifier\":\"fault-reset-after-reading\"}");
    CHECK(unknown.outcome() == luma::outcome::unknown);
    CHECK(client.try_trigger_workflow_json("[]").outcome() == luma::outcome::not_sent);

    std::int64_t number = 7;
    std::size_t count = 7;
    bool truth = true;
    std::string_view text = "x";
    CHECK(run.try_int64("/timestamp", number) == LUMA_OK && number > 0);
    CHECK(run.try_int64("/status", number) == LUMA_ERROR_POINTER_TYPE && number == 0);
    CHECK(run.try_count("/resultData", count) == LUMA_OK && count == 2);
    CHECK(run.try_boolean("/nothing", truth) == LUMA_ERROR_POINTER_NOT_FOUND && !truth);
    CHECK(run.try_string("/status", text) == LUMA_OK && text == "Success");
    CHECK(run.try_string("/nothing", text) == LUMA_ERROR_POINTER_NOT_FOUND && text.empty());
    CHECK(run.string("/status") == "Success" && run.string("/nothing").empty());

    int polls = 0;
    const luma::result ended = client.try_wait_for_workflow(id, 60s, [&](const auto &seen) {
        polls++;
        CHECK(seen.run_status() == luma::run_status::completed);
        return luma::poll::go_on;
    });
    CHECK(ended.run_status() == luma::run_status::completed && polls >= 1);
    CHECK(client.try_wait_for_workflow_or_suspension(id, 1s).status() == LUMA_OK);

    const luma::client named = client.try_with_request_id("100-1");
    CHECK(named.status() == LUMA_OK && named.message().empty());
    const luma::result history = named.try_get_workflow_history(id);
    CHECK(history.request_id() == "100-1");
    const luma::client unnamed = client.try_with_request_id("");
    CHECK(unnamed.status() == LUMA_ERROR_REQUEST_ID);
    CHECK(unnamed.message() == luma::status_message(LUMA_ERROR_REQUEST_ID));

    const luma::result token = client.try_regenerate_tenant_token(
        std::getenv("LUMA_SUPER_ADMIN_TOKEN"), std::getenv("LUMA_TENANT_EXTERNAL_ID"));
    CHECK(token.status() == LUMA_OK);
    const std::optional<luma::result> reason = client.try_set_access_token("a b");
    CHECK(reason && reason->status() == LUMA_ERROR_ACCESS_TOKEN && !reason->message().empty());
    CHECK(!client.try_set_access_token(token.access_token()));
    CHECK(client.try_cancel() == LUMA_OK);
    CHECK(client.try_close() == LUMA_OK);
    CHECK(client.try_list_workflow_definitions().status() == LUMA_ERROR_CANCELLED);
}

/* A callback of each kind. */
static luma::client with_callbacks()
{
    luma::config config = luma::config::try_new(std::getenv("LUMA_URL"), "unused");
    config.set_token_provider([] { return std::string(std::getenv("LUMA_TOKEN")); })
        .set_log(luma::log_level::debug, [](luma::log_level level, std::string_view line) {
            CHECK(level >= luma::log_level::error && !line.empty());
        });
    luma::client client = luma::client::try_new(config);
    CHECK(client.status() == LUMA_OK && client.message().empty());
    return client;
}

static void waits(const luma::client &client)
{
    luma::wait wait = luma::wait::try_new(client, "a/b");
    CHECK(wait.status() == LUMA_ERROR_TRIGGER_ID && wait.get() == nullptr);
    CHECK(!wait.message().empty() && !wait.next_poll());
    CHECK(wait.poll().status() == LUMA_ERROR_NULL_ARGUMENT_1);
    wait = luma::wait::try_new(client, "fault-status-403");
    CHECK(wait.status() == LUMA_OK && wait.poll().status() == LUMA_ERROR_FORBIDDEN);
    luma::wait_set set = luma::wait_set::try_new(client);
    CHECK(set.try_set_max_polls_per_second(1001) == LUMA_ERROR_MAX_POLLS_PER_SECOND);
    CHECK(set.try_add("fault-status-403") == LUMA_OK);
    CHECK(set.next().what.status() == LUMA_ERROR_FORBIDDEN && set.count() == 0);
    CHECK(set.try_remove("fault-status-403") == LUMA_ERROR_NOT_IN_SET);
}

int main()
{
    constructors();
    setters(luma::client::try_new(std::getenv("LUMA_URL"), std::getenv("LUMA_TOKEN")));
    CHECK(with_callbacks().try_list_workflow_definitions().status() == LUMA_OK);
    luma::client client = luma::client::try_new(std::getenv("LUMA_URL"), std::getenv("LUMA_TOKEN"));
    waits(client);
    calls(client);
    return closing_line();
}
