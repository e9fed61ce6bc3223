/* Callbacks: their arguments, how they stop a wait, and exceptions that they throw. */
#include <luma.hpp>

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <vector>

#include "check.hpp"

using namespace std::chrono_literals;

/* Thrown by a callback; neither a luma::error nor a std::exception. */
struct changed_my_mind {
    std::string why;
};

/* A log callback outlives its configuration and its first client. Its exceptions are ignored. */
static void logs()
{
    auto lines = std::make_shared<std::vector<std::string>>();
    const std::weak_ptr<std::vector<std::string>> watched = lines;
    std::optional<luma::client> named;
    {
        luma::config config(std::getenv("LUMA_URL"), std::getenv("LUMA_TOKEN"));
        const auto record = [lines](luma::log_level level, std::string_view line) {
            CHECK(level >= luma::log_level::error && level <= luma::log_level::debug);
            lines->emplace_back(line);
            throw std::runtime_error("the disk is full");
        };
        config.set_log(luma::log_level::debug, record);
        luma::client client(config);
        config.set_log(luma::log_level::off, nullptr);
        named = client.with_request_id("100-1");
        luma::client silent(config);
        silent = std::move(client);
    }
    lines.reset();
    CHECK(named->list_workflow_definitions().status() == LUMA_OK);
    CHECK(watched.lock() != nullptr && !watched.lock()->empty());
    CHECK(watched.lock()->front().find("100-1") != std::string::npos);
    named.reset();
    CHECK(watched.expired());
}

/* Cancels a wait from its callback, and a call from another thread. */
static void cancels(luma::client &client, const std::string &id)
{
    CHECK_THROWS(client.wait_for_workflow(id, 60s,
                                          [&](const luma::result_view &) {
                                              client.cancel();
                                              return luma::poll::go_on;
                                          }),
                 LUMA_ERROR_CANCELLED, unknown);
    std::int32_t status = LUMA_OK;
    std::thread thread([&] {
        try {
            (void)client.get_workflow_history("fault-hang");
        } catch (const luma::error &error) {
            status = error.status();
        }
    });
    /* Cancelling affects only calls in progress, so it is repeated until the call has started. */
    std::atomic<bool> ended = false;
    std::thread canceller([&] {
        while (!ended) {
            client.cancel();
            std::this_thread::sleep_for(20ms);
        }
    });
    thread.join();
    ended = true;
    canceller.join();
    CHECK(status == LUMA_ERROR_CANCELLED);
    CHECK(client.list_workflow_definitions().status() == LUMA_OK);
}

static void closes()
{
    luma::client client(std::getenv("LUMA_URL"), std::getenv("LUMA_TOKEN"));

    client.close();
    client.drain(0s);
    CHECK_THROWS((void)client.get_workflow_history("id"), LUMA_ERROR_CANCELLED, not_sent);
    CHECK_THROWS(client.drain(-1s), LUMA_ERROR_TIMEOUT_RANGE, not_sent);
}

void callbacks(luma::client &client)
{
    closes();
    logs();
    luma::trigger_request request("unlock_account");
    request.set_variable("userName", "jdoe");
    const luma::result run = client.trigger_workflow(request);
    const std::string id(run.trigger_id());

    int polls = 0;
    const luma::on_poll check_poll = [&](const luma::result_view &seen) {
        CHECK(seen.poll_count() == ++polls && seen.wait_elapsed() >= 0ms);
        CHECK(!seen.run_status_text().empty());
        /* A callback may make calls, also on the waiting client. */
        CHECK(client.list_workflow_steps(id).count("/resultData") >= 1);
        return luma::poll::go_on;
    };
    const luma::result ended = client.wait_for_workflow(id, 60s, check_poll);
    CHECK(ended.run_status() == luma::run_status::completed);
    CHECK(ended.poll_count() == polls && polls >= 2);
    CHECK(client.wait_for_workflow(id, 1s).run_status() == luma::run_status::completed);
    CHECK(client.wait_for_workflow_or_suspension(id, 1s).poll_count() == 1);

    luma::trigger_request slow("patch_server");
    slow.set_variable("hostName", "h");
    const luma::result running = client.trigger_workflow(slow);
    const std::string slow_id(running.trigger_id());
    const luma::on_poll stop = [](const luma::result_view &) { return luma::poll::stop; };
    CHECK_THROWS(client.wait_for_workflow(slow_id, 60s, stop), LUMA_ERROR_WAIT_STOPPED, unknown);
    try {
        (void)client.wait_for_workflow_or_suspension(slow_id, 3s);
        CHECK(false);
    } catch (const luma::error &error) {
        CHECK(error.status() == LUMA_ERROR_WAIT_TIMEOUT);
        /* The run is RUNNING after 5 s, for longer than the test takes. */
        const luma::run_status seen = error.details().run_status();
        CHECK(seen == luma::run_status::activated || seen == luma::run_status::running);
    }

    /* The wait rethrows the exception of its callback, also if the poll ends the wait anyway. */
    for (const std::string &of : {slow_id, id, std::string("fault-status-401")}) {
        try {
            (void)client.wait_for_workflow(of, 60s, [&](const luma::result_view &) -> luma::poll {
                throw changed_my_mind{of};
            });
            CHECK(false);
        } catch (const changed_my_mind &thrown) {
            CHECK(thrown.why == of);
        }
    }
    try {
        (void)client.wait_for_workflow_or_suspension(slow_id, 60s, [&](const luma::result_view &) {
            (void)client.get_workflow_history("fault-status-404"); /* throws */
            return luma::poll::go_on;
        });
        CHECK(false);
    } catch (const luma::error &error) {
        CHECK(error.status() == LUMA_ERROR_NOT_FOUND && error.details().poll_count() == 0);
    }

    CHECK(client.try_wait_for_workflow(slow_id, 60s, stop).status() == LUMA_ERROR_WAIT_STOPPED);
    try {
        (void)client.try_wait_for_workflow(slow_id, 60s,
                                           [](const auto &) -> luma::poll { throw 7; });
        CHECK(false);
    } catch (int thrown) {
        CHECK(thrown == 7);
    }

    cancels(client, slow_id);

    /* Each thread gets its own exception. */
    std::vector<std::thread> threads;
    std::vector<int> caught(4, -1);
    for (int i = 0; i < 4; i++)
        threads.emplace_back([&client, &slow_id, &caught, i] {
            try {
                (void)client.wait_for_workflow(
                    slow_id, 60s, [i](const luma::result_view &) -> luma::poll { throw i; });
            } catch (int thrown) {
                caught[static_cast<std::size_t>(i)] = thrown;
            }
        });
    for (std::thread &thread : threads)
        thread.join();
    CHECK((caught == std::vector<int>{0, 1, 2, 3}));
}
