//! The workflows this tenant has.

/// A workflow that can be triggered.
pub(super) struct Workflow {
    pub(super) identifier: &'static str,
    pub(super) name: &'static str,
    pub(super) variables: &'static [Variable],
}

/// One of a workflow's input parameters. Others may be given too; they are passed on.
pub(super) struct Variable {
    pub(super) parameter: &'static str,
    /// What messages call it.
    pub(super) caption: &'static str,
    pub(super) required: bool,
    /// The values it may have; empty when it may have any.
    pub(super) one_of: &'static [&'static str],
}

const USER_NAME: Variable =
    Variable { parameter: "userName", caption: "User name", required: true, one_of: &[] };

static WORKFLOWS: &[Workflow] = &[
    Workflow {
        identifier: "reset_password",
        name: "Reset Password",
        variables: &[
            USER_NAME,
            Variable {
                parameter: "notifyBy",
                caption: "Notify by",
                required: false,
                one_of: &["email", "sms"],
            },
        ],
    },
    Workflow { identifier: "unlock_account", name: "Unlock Account", variables: &[USER_NAME] },
    Workflow {
        identifier: "patch_server",
        name: "Patch Server",
        variables: &[
            Variable { parameter: "hostName", caption: "Host name", required: true, one_of: &[] },
            Variable {
                parameter: "maintenanceWindow",
                caption: "Maintenance window",
                required: false,
                one_of: &[],
            },
        ],
    },
];

pub(super) fn find(identifier: &str) -> Option<&'static Workflow> {
    WORKFLOWS.iter().find(|workflow| workflow.identifier == identifier)
}
