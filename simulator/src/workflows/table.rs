//! The table of workflows.

use super::script::{Activity, Script};
use super::variable::Constraint::{Maximum, MaximumLength, Minimum, OneOf, Required};
use super::variable::Variable;
use super::workflow::Workflow;

const USER_NAME: Variable = Variable {
    parameter: "userName",
    caption: "User name",
    data_type: "TEXT",
    constraints: &[Required, MaximumLength(64)],
};

const HOST_NAME: Variable = Variable {
    parameter: "hostName",
    caption: "Host name",
    data_type: "TEXT",
    constraints: &[Required, MaximumLength(253)],
};

/// Every workflow that can be triggered.
pub(crate) static WORKFLOWS: &[Workflow] = &[
    Workflow {
        identifier: "reset_password",
        name: "Reset Password",
        description: "Resets a directory password and tells the user",
        variables: &[
            USER_NAME,
            Variable {
                parameter: "notifyBy",
                caption: "Notify by",
                data_type: "TEXT",
                constraints: &[OneOf(&["email", "sms"])],
            },
        ],
        script: Script {
            phases: &[("RUNNING", 3000)],
            end: "COMPLETED",
            activities: &[
                Activity::start_event("Start - Reset Password", 0, 18),
                Activity::service_task("get user", "Activity_0onlkqz", 120, 880),
                Activity::service_task("set password", "Activity_1k7d2fa", 1000, 1200),
                Activity::service_task("notify user", "Activity_0p3v9xw", 2200, 780),
                Activity::end_event("End - Reset Password", 2980, 20),
            ],
            irregular_steps: false,
        },
    },
    Workflow {
        identifier: "unlock_account",
        name: "Unlock Account",
        description: "Unlocks a directory account",
        variables: &[USER_NAME],
        script: Script {
            phases: &[("RUNNING", 1000)],
            end: "COMPLETED",
            activities: &[
                Activity::start_event("Start - Unlock Account", 0, 20),
                Activity::service_task("unlock account", "Activity_0u5n4lk", 100, 850),
                Activity::end_event("End - Unlock Account", 980, 20),
            ],
            irregular_steps: false,
        },
    },
    Workflow {
        identifier: "patch_server",
        name: "Patch Server",
        description: "Installs patches on a server after an approval",
        variables: &[
            HOST_NAME,
            Variable {
                parameter: "maintenanceWindow",
                caption: "Maintenance window",
                data_type: "DURATION",
                constraints: &[],
            },
        ],
        script: Script {
            phases: &[
                ("ACTIVATED", 5_000),
                ("RUNNING", 55_000),
                ("SUSPENDED", 60_000),
                ("RUNNING", 60_000),
            ],
            end: "COMPLETED",
            activities: &[
                Activity::start_event("Start - Patch Server", 5_000, 20),
                Activity::service_task("download patches", "Activity_1d0wn1d", 5_100, 30_000),
                Activity::service_task("take snapshot", "Activity_1sn4psh", 35_200, 24_700),
                Activity::user_task("approve installation", "Activity_0appr0v", 60_000, 60_000),
                Activity::service_task("install patches", "Activity_1n5tall", 120_000, 45_000)
                    .with_attempts(2),
                Activity::service_task("check services", "Activity_0ch3ck5", 165_000, 14_900),
                Activity::end_event("End - Patch Server", 179_980, 20),
            ],
            irregular_steps: false,
        },
    },
    Workflow {
        identifier: "restart_service",
        name: "Restart Service",
        description: "Restarts a service on a host; in the simulator this fails",
        variables: &[
            HOST_NAME,
            Variable {
                parameter: "serviceName",
                caption: "Service name",
                data_type: "TEXT",
                constraints: &[Required],
            },
        ],
        script: Script {
            phases: &[("RUNNING", 2000)],
            end: "FAILED",
            activities: &[
                Activity::start_event("Start - Restart Service", 0, 20),
                Activity::service_task("stop service", "Activity_05t0psv", 100, 800),
                Activity::service_task("start service", "Activity_05tart5", 1000, 1000)
                    .with_attempts(3)
                    .ending("FAILED"),
            ],
            irregular_steps: false,
        },
    },
    Workflow {
        identifier: "offboard_user",
        name: "Offboard User",
        description: "Closes the accounts of a leaving user; in the simulator an operator terminates it",
        variables: &[
            USER_NAME,
            Variable {
                parameter: "lastDay",
                caption: "Last day",
                data_type: "DATE",
                constraints: &[],
            },
        ],
        script: Script {
            phases: &[("RUNNING", 2000)],
            end: "TERMINATED",
            activities: &[
                Activity::start_event("Start - Offboard User", 0, 20),
                Activity::service_task("close accounts", "Activity_0cl05ea", 100, 700),
                Activity::user_task("collect equipment", "Activity_1c0l3ct", 800, 1200)
                    .ending("TERMINATED"),
            ],
            irregular_steps: false,
        },
    },
    Workflow {
        identifier: "rotate_keys",
        name: "Rotate Keys",
        description: "Replaces a service's keys; starts in an undocumented status",
        variables: &[
            Variable {
                parameter: "keyName",
                caption: "Key name",
                data_type: "TEXT",
                constraints: &[Required],
            },
            Variable {
                parameter: "keyBits",
                caption: "Key bits",
                data_type: "INTEGER",
                constraints: &[Minimum(2048), Maximum(8192)],
            },
        ],
        script: Script {
            phases: &[("QUEUED", 1000), ("RUNNING", 1000)],
            end: "COMPLETED",
            activities: &[
                Activity::start_event("Start - Rotate Keys", 1000, 20),
                Activity::service_task("issue key", "Activity_0i55uek", 1100, 400),
                Activity::service_task("retire old key", "Activity_0r3t1re", 1500, 450),
                Activity::end_event("End - Rotate Keys", 1980, 20),
            ],
            irregular_steps: false,
        },
    },
    Workflow {
        identifier: "inventory_scan",
        name: "Inventory Scan",
        description: "Scans 248 hosts of a site in no time",
        variables: &[Variable {
            parameter: "siteName",
            caption: "Site name",
            data_type: "TEXT",
            constraints: &[Required],
        }],
        script: Script {
            phases: &[],
            end: "COMPLETED",
            activities: &[
                Activity::start_event("Start - Inventory Scan", 0, 0),
                Activity::service_task("scan host", "Activity_15canh0", 0, 0).repeated(248),
                Activity::end_event("End - Inventory Scan", 0, 0),
            ],
            irregular_steps: true,
        },
    },
];

/// Script of the runs that a fault started.
static FAULT_SCRIPT: Script = Script {
    phases: &[("RUNNING", 1000)],
    end: "COMPLETED",
    activities: &[
        Activity::start_event("Start", 0, 20),
        Activity::service_task("do the work", "Activity_0w0rk00", 100, 850),
        Activity::end_event("End", 980, 20),
    ],
    irregular_steps: false,
};

pub(crate) fn find(identifier: &str) -> Option<&'static Workflow> {
    WORKFLOWS.iter().find(|workflow| workflow.identifier == identifier)
}

/// Returns the script for runs of a workflow, including those that a fault started.
pub(crate) fn script(identifier: &str) -> &'static Script {
    find(identifier).map_or(&FAULT_SCRIPT, |workflow| &workflow.script)
}
