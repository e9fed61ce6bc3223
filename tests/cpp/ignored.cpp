/* What luma.hpp must not let pass in silence; compiled only, and each warning compared. */
#include <luma.hpp>

void ignored(const luma::client &client, luma::trigger_request &request, const luma::error &error);

void ignored(const luma::client &client, luma::trigger_request &request, const luma::error &error)
{
    const luma::result run = client.trigger_workflow(request);
    client.trigger_workflow(request); // warned of
    client.trigger_workflow_json("{}"); // warned of
    client.get_workflow_history(run.trigger_id()); // warned of
    client.list_workflow_steps(run.trigger_id()); // warned of
    client.get_workflow_step(run.trigger_id(), "1"); // warned of
    client.generate_launch_url(run.trigger_id()); // warned of
    client.list_workflow_definitions(); // warned of
    client.regenerate_tenant_token("token", "id"); // warned of
    client.wait_for_workflow(run.trigger_id(), std::chrono::seconds(1)); // warned of
    client.wait_for_workflow_or_suspension(run.trigger_id(), std::chrono::seconds(1)); // warned of
    client.with_request_id("100-1"); // warned of
    run.status(); // warned of
    run.outcome(); // warned of
    run.run_status(); // warned of
    error.status(); // warned of
    error.outcome(); // warned of
    luma::is_final(run.run_status()); // warned of
    request.set_variable("a", "b").set_variable("c", "d");
    (void)client.list_workflow_definitions();
}
