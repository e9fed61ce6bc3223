/* Ignores return values. A test compiles it and expects a warning in each marked line. */
#include <luma.hpp>

void ignored(const luma::client &client, luma::trigger_request &request, const luma::error &error);

void ignored(const luma::client &client, luma::trigger_request &request, const luma::error &error)
{
    const luma::result run = client.trigger_workflow(request);
    client.trigger_workflow(request); // warning
    client.trigger_workflow_json("{}"); // warning
    client.get_workflow_history(run.trigger_id()); // warning
    client.list_workflow_steps(run.trigger_id()); // warning
    client.get_workflow_step(run.trigger_id(), "1"); // warning
    client.generate_launch_url(run.trigger_id()); // warning
    client.list_workflow_definitions(); // warning
    client.regenerate_tenant_token("token", "id"); // warning
    client.wait_for_workflow(run.trigger_id(), std::chrono::seconds(1)); // warning
    client.wait_for_workflow_or_suspension(run.trigger_id(), std::chrono::seconds(1)); // warning
    client.with_request_id("100-1"); // warning
    run.status(); // warning
    run.outcome(); // warning
    run.run_status(); // warning
    error.status(); // warning
    error.outcome(); // warning
    luma::is_final(run.run_status()); // warning
    request.set_variable("a", "b").set_variable("c", "d");
    (void)client.list_workflow_definitions();
}
