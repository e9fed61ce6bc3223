/*
 * Triggers a workflow for an ISM ticket and prints the outcome, like trigger.c.
 *
 *   LUMA_URL=https://acme.automation.example LUMA_TOKEN=... \
 *   trigger-cpp WORKFLOW TICKET [NAME=VALUE ...]
 *
 * The settings come from LUMA_URL and LUMA_TOKEN, or from the configuration file, see
 * docs/configuration-file.md.
 *
 * Exit code: 0 ACCEPTED, 2 REJECTED, 3 NOT_SENT, 4 UNKNOWN, 1 invalid arguments.
 */
#include <luma.hpp>

#include <iostream>
#include <string_view>

namespace {

constexpr std::int64_t contact_id = 4021; // the contact in ISM on whose behalf the workflow runs

// Builds a request from the arguments and sends it.
luma::result trigger(int argc, char **argv)
{
    const luma::client client = luma::client::from_environment();
    luma::trigger_request request(argv[1]);
    request.set_initiator(contact_id, LUMA_APPLICATION_ISM)
        .set_initiation_info("ticketIdentifier", argv[2]);
    for (int i = 3; i < argc; i++) {
        const std::string_view argument = argv[i];
        const std::size_t equals = argument.find('=');
        request.set_variable(argument.substr(0, equals), argument.substr(equals + 1));
    }
    return client.trigger_workflow(request);
}

// Prints the outcome and the reasons. Returns the exit code.
int report(const luma::error &error)
{
    std::cout << luma::name(error.outcome()) << '\n';
    const luma::errors reasons = error.details().errors();
    if (reasons.empty())
        std::cout << "  " << error.message() << '\n';
    for (const std::string_view reason : reasons)
        std::cout << "  reason: " << reason << '\n';
    switch (error.outcome()) {
    case luma::outcome::rejected:
        return 2;
    case luma::outcome::not_sent:
        return 3;
    default:
        return 4; // luma::outcome::unknown: it may be running
    }
}

} // namespace

int main(int argc, char **argv)
{
    bool valid = argc >= 3;
    for (int i = 3; i < argc; i++)
        valid = valid && std::string_view(argv[i]).find('=') != std::string_view::npos;
    if (!valid) {
        std::cerr << "usage: trigger-cpp WORKFLOW TICKET [NAME=VALUE ...]\n";
        return 1;
    }
    try {
        const luma::result result = trigger(argc, argv);
        std::cout << luma::name(result.outcome()) << "\n  trigger id: " << result.trigger_id()
                  << '\n';
        return 0;
    } catch (const luma::error &error) {
        return report(error);
    }
}
