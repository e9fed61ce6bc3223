# PowerShell on top of Luma.Automation.dll. Windows PowerShell 5.1 and PowerShell 7.
Set-StrictMode -Version 2.0

$script:DefaultClient = $null

# What a table or a list shows; all other properties are there too.
$displayed = @{
    LumaTrigger = 'TriggerId', 'Outcome', 'Status', 'AlreadyAccepted'
    LumaRun = 'TriggerId', 'RunStatus', 'StartTime', 'EndTime', 'TimeSpent'
    LumaStep = 'Id', 'Name', 'Status', 'StartTime', 'EndTime', 'TimeSpent'
    LumaDefinition = 'Identifier', 'Name', 'Description'
}
foreach ($type in $displayed.Keys) {
    Update-TypeData -TypeName "Luma.Automation.$type" -DefaultDisplayPropertySet $displayed[$type] -Force
}

$ExecutionContext.SessionState.Module.OnRemove = {
    if ($script:DefaultClient) { $script:DefaultClient.Dispose() }
}

function Get-DefaultClient {
    if (-not $script:DefaultClient) {
        $script:DefaultClient = [Luma.Automation.LumaClient]::FromEnvironment($null)
    }
    $script:DefaultClient
}

# A [string] parameter that was not given is "", but the library distinguishes NULL.
function Get-TextOrNull([string] $Text) {
    if ($Text) { $Text } else { [NullString]::Value }
}

# Writes an error of the library's own type, so that "catch [Luma.Automation.LumaNotSentException]"
# works with -ErrorAction Stop. Its FullyQualifiedErrorId starts with the name of the status.
function Write-LumaError($Cmdlet, $Record, $Target) {
    $exception = $Record.Exception
    while ($exception -isnot [Luma.Automation.LumaException] -and $exception.InnerException -and
        ($exception -is [System.Management.Automation.MethodInvocationException] -or
        $exception -is [System.AggregateException])) {
        $exception = $exception.InnerException
    }
    $id = $exception.GetType().Name
    $category = [System.Management.Automation.ErrorCategory]::NotSpecified
    if ($exception -is [Luma.Automation.LumaException]) {
        $id = $exception.StatusName
        $category = switch ($exception.GetType().Name) {
            'LumaArgumentException' { 'InvalidArgument' }
            'LumaNotSentException' { 'ConnectionError' }
            'LumaRejectedException' { 'InvalidOperation' }
            'LumaWaitException' { 'OperationStopped' }
            'LumaCallException' { 'ConnectionError' }
            'LumaJournalException' { 'ResourceUnavailable' }
            default { 'InvalidResult' }
        }
    }
    $Cmdlet.WriteError((New-Object System.Management.Automation.ErrorRecord $exception, $id, $category, $Target))
}

function Set-RequestVariable($Request, [string] $Name, $Value) {
    if ($null -eq $Value) {
        $null = $Request.SetVariableJson($Name, 'null')
    } elseif ($Value -is [securestring]) {
        $null = $Request.SetSecretVariable($Name, [securestring] $Value)
    } elseif ($Value -is [bool] -or $Value -is [switch]) {
        $null = $Request.SetVariable($Name, [bool] $Value)
    } elseif ($Value -is [byte] -or $Value -is [int16] -or $Value -is [int] -or $Value -is [long]) {
        $null = $Request.SetVariable($Name, [long] $Value)
    } elseif ($Value -is [float] -or $Value -is [double]) {
        $null = $Request.SetVariable($Name, [double] $Value)
    } elseif ($Value -is [string] -or $Value -is [char] -or $Value -is [guid] -or $Value -is [enum]) {
        $null = $Request.SetVariable($Name, [string] $Value)
    } elseif ($Value -is [datetime] -or $Value -is [System.DateTimeOffset]) {
        $null = $Request.SetVariable($Name, $Value.ToString('o', [cultureinfo]::InvariantCulture))
    } else {
        $null = $Request.SetVariableJson($Name, (ConvertTo-Json -InputObject $Value -Depth 32 -Compress))
    }
}

function New-LumaClient {
    <#
    .SYNOPSIS
    Creates a client of the gateway.
    .DESCRIPTION
    Without parameters, its settings come from the environment (LUMA_URL and LUMA_TOKEN, or
    LUMA_PROFILE) and from the configuration file that it selects. The other commands of this module
    create such a client themselves; this command is for other settings.
    .PARAMETER BaseUrl
    https://host[:port][/prefix], without /gateway/api/v1.
    .PARAMETER AccessToken
    The tenant's access token, from Read-Host -AsSecureString or a SecretManagement vault.
    .PARAMETER Path
    A configuration file.
    .PARAMETER ConfigurationProfile
    A profile in the configuration file.
    .PARAMETER Options
    Further settings, as a hashtable with the properties of Luma.Automation.LumaClientOptions. For a
    log use LogFile: a script block cannot run on the threads of a wait.
    .EXAMPLE
    $client = New-LumaClient -BaseUrl https://acme.automation.example -AccessToken (Get-Secret luma)
    .EXAMPLE
    $client = New-LumaClient -ConfigurationProfile test -Options @{ Timeout = '00:00:10' }
    #>
    [CmdletBinding(DefaultParameterSetName = 'Environment')]
    [OutputType([Luma.Automation.LumaClient])]
    param(
        [Parameter(ParameterSetName = 'Url', Mandatory = $true, Position = 0)]
        [string] $BaseUrl,
        [Parameter(ParameterSetName = 'Url', Mandatory = $true, Position = 1)]
        [securestring] $AccessToken,
        [Parameter(ParameterSetName = 'File')]
        [string] $Path,
        [Parameter(ParameterSetName = 'File')]
        [Alias('Profile')]
        [string] $ConfigurationProfile,
        [System.Collections.IDictionary] $Options
    )
    try {
        $settings = $null
        if ($Options) {
            $settings = New-Object Luma.Automation.LumaClientOptions
            foreach ($name in $Options.Keys) {
                if ($name -eq 'Headers') {
                    foreach ($header in $Options[$name].Keys) {
                        $settings.Headers[$header] = $Options[$name][$header]
                    }
                } else {
                    $settings.$name = $Options[$name]
                }
            }
        }
        if ($PSCmdlet.ParameterSetName -eq 'Url') {
            New-Object Luma.Automation.LumaClient $BaseUrl, $AccessToken, $settings
        } elseif ($PSCmdlet.ParameterSetName -eq 'File') {
            $file = Get-TextOrNull $Path
            if ($Path) { $file = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path) }
            [Luma.Automation.LumaClient]::FromFile($file, (Get-TextOrNull $ConfigurationProfile), $settings)
        } else {
            [Luma.Automation.LumaClient]::FromEnvironment($settings)
        }
    } catch {
        Write-LumaError $PSCmdlet $_ $BaseUrl
    }
}

function Invoke-LumaWorkflow {
    <#
    .SYNOPSIS
    Triggers a workflow, once per key if there is a journal.
    .DESCRIPTION
    Returns the accepted trigger with its TriggerId. An error of the type LumaNotSentException means
    that a retry is safe; after a LumaUnknownException, the workflow may be running. Ctrl-C does not
    interrupt a trigger, because its outcome would be unknown.
    .PARAMETER Workflow
    The identifier or the name of the workflow definition.
    .PARAMETER Variables
    The variables, as a hashtable or an object. Numbers, true and false, arrays and nested values
    keep their type. A SecureString becomes a secret variable.
    .PARAMETER ContactId
    Who runs the workflow: the contact's id in the application.
    .PARAMETER ApplicationId
    The application of the contact: -2 (Luma), -4 (ISM), -7 (ChangeGear), -8 (POB), or another id.
    .PARAMETER InitiationInfo
    What the application requires, such as @{ ticketIdentifier = 'INC1' }.
    .PARAMETER Journal
    A journal from Open-LumaJournal. A key is then triggered at most once, also if this process is
    killed.
    .PARAMETER Key
    The key in the journal, such as a ticket.
    .PARAMETER Wait
    Also waits for the run, and returns it instead of the trigger.
    .PARAMETER Client
    A client from New-LumaClient.
    .EXAMPLE
    Invoke-LumaWorkflow unlock_account @{ userName = 'jdoe' } | Wait-LumaWorkflow
    .EXAMPLE
    Import-Csv users.csv | Invoke-LumaWorkflow unlock_account -WhatIf
    #>
    [CmdletBinding(SupportsShouldProcess = $true, DefaultParameterSetName = 'Plain')]
    [OutputType([Luma.Automation.LumaTrigger], [Luma.Automation.LumaRun])]
    param(
        [Parameter(Mandatory = $true, Position = 0)]
        [string] $Workflow,
        [Parameter(Position = 1, ValueFromPipeline = $true)]
        [object] $Variables,
        [long] $ContactId,
        [long] $ApplicationId,
        [System.Collections.IDictionary] $InitiationInfo,
        [Parameter(ParameterSetName = 'Once', Mandatory = $true)]
        [Luma.Automation.LumaJournal] $Journal,
        [Parameter(ParameterSetName = 'Once', Mandatory = $true)]
        [string] $Key,
        [switch] $Wait,
        [Luma.Automation.LumaClient] $Client
    )
    process {
        $request = $null
        try {
            $target = if ($Key) { "$Workflow for $Key" } else { $Workflow }
            if (-not $PSCmdlet.ShouldProcess($target, 'Trigger the workflow')) { return }
            if (-not $Client) { $Client = Get-DefaultClient }
            $request = New-Object Luma.Automation.LumaTriggerRequest $Workflow
            if ($Variables -is [System.Collections.IDictionary]) {
                foreach ($name in $Variables.Keys) { Set-RequestVariable $request $name $Variables[$name] }
            } elseif ($Variables -is [string] -or $Variables -is [valuetype] -or $Variables -is [array]) {
                # Their properties, such as Length, are no variables.
                $problem = 'Variables must be a hashtable, or an object with a property for each variable.'
                throw (New-Object System.ArgumentException $problem)
            } elseif ($null -ne $Variables) {
                foreach ($property in $Variables.PSObject.Properties) {
                    Set-RequestVariable $request $property.Name $property.Value
                }
            }
            if ($PSBoundParameters.ContainsKey('ContactId')) {
                $null = $request.SetInitiator($ContactId, $ApplicationId)
            }
            if ($InitiationInfo) {
                foreach ($name in $InitiationInfo.Keys) {
                    $null = $request.SetInitiationInfo($name, [string] $InitiationInfo[$name])
                }
            }
            $trigger = if ($Journal) {
                $Client.TriggerWorkflowOnce($Journal, $Key, $request)
            } else {
                $Client.TriggerWorkflow($request)
            }
            if ($Wait) {
                Wait-LumaWorkflow -TriggerId $trigger.TriggerId -Client $Client
            } else {
                $trigger
            }
        } catch {
            Write-LumaError $PSCmdlet $_ $Workflow
        } finally {
            if ($request) { $request.Dispose() }
        }
    }
}

function Wait-LumaWorkflow {
    <#
    .SYNOPSIS
    Waits until a run ends, and returns it, also if it failed or was terminated.
    .DESCRIPTION
    Shows the progress. Ctrl-C ends the wait at once, and never the run.
    .PARAMETER TriggerId
    The run, from Invoke-LumaWorkflow.
    .PARAMETER Timeout
    The longest time to wait, such as 00:10:00. Without it, there is no limit.
    .PARAMETER UntilSuspended
    Also ends the wait when the run is suspended, because a person may have to act.
    .PARAMETER Client
    A client from New-LumaClient.
    .EXAMPLE
    Invoke-LumaWorkflow reset_password @{ userName = 'jdoe' } | Wait-LumaWorkflow -Timeout 00:10:00
    #>
    [CmdletBinding()]
    [OutputType([Luma.Automation.LumaRun])]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true,
            ValueFromPipelineByPropertyName = $true)]
        [string] $TriggerId,
        [System.Nullable[timespan]] $Timeout,
        [switch] $UntilSuspended,
        [Luma.Automation.LumaClient] $Client
    )
    process {
        $stop = New-Object System.Threading.CancellationTokenSource
        try {
            if (-not $Client) { $Client = Get-DefaultClient }
            $progress = New-Object Luma.Automation.LumaProgressQueue
            $task = $Client.WaitForWorkflowAsync($TriggerId, $Timeout, [bool] $UntilSuspended, $progress,
                $stop.Token)
            $activity = "Waiting for the run $TriggerId"
            while (-not ([System.IAsyncResult] $task).AsyncWaitHandle.WaitOne(50)) {
                while ($run = $progress.Take()) {
                    Write-Progress -Activity $activity -Status $run.RunStatusText
                }
            }
            Write-Progress -Activity $activity -Completed
            $task.GetAwaiter().GetResult()
        } catch {
            Write-LumaError $PSCmdlet $_ $TriggerId
        } finally {
            # Runs on Ctrl-C too.
            $stop.Cancel()
            $stop.Dispose()
        }
    }
}

function Get-LumaWorkflow {
    <#
    .SYNOPSIS
    Gets the status of a run.
    .PARAMETER TriggerId
    The run, from Invoke-LumaWorkflow.
    .PARAMETER Client
    A client from New-LumaClient.
    .EXAMPLE
    Get-LumaWorkflow $id | Select-Object RunStatus, EndTime
    #>
    [CmdletBinding()]
    [OutputType([Luma.Automation.LumaRun])]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true,
            ValueFromPipelineByPropertyName = $true)]
        [string] $TriggerId,
        [Luma.Automation.LumaClient] $Client
    )
    process {
        try {
            if (-not $Client) { $Client = Get-DefaultClient }
            $Client.GetWorkflowHistory($TriggerId)
        } catch {
            Write-LumaError $PSCmdlet $_ $TriggerId
        }
    }
}

function Get-LumaWorkflowStep {
    <#
    .SYNOPSIS
    Gets the steps of a run, or one of them in detail.
    .PARAMETER TriggerId
    The run, from Invoke-LumaWorkflow.
    .PARAMETER StepId
    The step. Its property Result then has the details.
    .PARAMETER Filter
    A filter of the gateway, such as name=='Approve'.
    .PARAMETER OrderBy
    Such as 'startTime desc'.
    .PARAMETER Skip
    How many steps to skip.
    .PARAMETER First
    How many steps to return at most; 0 for all.
    .PARAMETER Client
    A client from New-LumaClient.
    .EXAMPLE
    Invoke-LumaWorkflow reset_password @{ userName = 'jdoe' } | Get-LumaWorkflowStep
    #>
    [CmdletBinding(DefaultParameterSetName = 'List')]
    [OutputType([Luma.Automation.LumaStep])]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true,
            ValueFromPipelineByPropertyName = $true)]
        [string] $TriggerId,
        [Parameter(ParameterSetName = 'One', Mandatory = $true)]
        [string] $StepId,
        [Parameter(ParameterSetName = 'List')]
        [string] $Filter,
        [Parameter(ParameterSetName = 'List')]
        [string] $OrderBy,
        [Parameter(ParameterSetName = 'List')]
        [long] $Skip = 0,
        [Parameter(ParameterSetName = 'List')]
        [long] $First = 0,
        [Luma.Automation.LumaClient] $Client
    )
    process {
        try {
            if (-not $Client) { $Client = Get-DefaultClient }
            if ($PSCmdlet.ParameterSetName -eq 'One') {
                $Client.GetWorkflowStep($TriggerId, $StepId)
            } else {
                $Client.ListWorkflowSteps($TriggerId, (Get-TextOrNull $Filter), (Get-TextOrNull $OrderBy),
                    $Skip, $First)
            }
        } catch {
            Write-LumaError $PSCmdlet $_ $TriggerId
        }
    }
}

function Get-LumaWorkflowDefinition {
    <#
    .SYNOPSIS
    Gets the workflows that can be triggered.
    .PARAMETER Filter
    A filter of the gateway, such as identifier=='unlock_*'.
    .PARAMETER OrderBy
    Such as 'name asc'.
    .PARAMETER Skip
    How many definitions to skip.
    .PARAMETER First
    How many definitions to return at most; 0 for all.
    .PARAMETER Client
    A client from New-LumaClient.
    .EXAMPLE
    Get-LumaWorkflowDefinition | Select-Object Identifier -ExpandProperty Parameters
    #>
    [CmdletBinding()]
    [OutputType([Luma.Automation.LumaDefinition])]
    param(
        [string] $Filter,
        [string] $OrderBy,
        [long] $Skip = 0,
        [long] $First = 0,
        [Luma.Automation.LumaClient] $Client
    )
    try {
        if (-not $Client) { $Client = Get-DefaultClient }
        $Client.ListWorkflowDefinitions((Get-TextOrNull $Filter), (Get-TextOrNull $OrderBy), $Skip, $First)
    } catch {
        Write-LumaError $PSCmdlet $_ $Filter
    }
}

function New-LumaJournal {
    <#
    .SYNOPSIS
    Creates a journal, which remembers the keys that were triggered, and opens it.
    .DESCRIPTION
    Once, when a script is installed. A lost journal must not be replaced by an empty one: then keys
    could be triggered twice.
    .PARAMETER Path
    A folder on a disk of this machine. It must be empty or not exist.
    .PARAMETER BaseUrl
    The gateway that the journal is for.
    .EXAMPLE
    New-LumaJournal C:\ProgramData\Desk\journal -BaseUrl https://acme.automation.example
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    [OutputType([Luma.Automation.LumaJournal])]
    param(
        [Parameter(Mandatory = $true, Position = 0)]
        [string] $Path,
        [Parameter(Mandatory = $true, Position = 1)]
        [string] $BaseUrl
    )
    try {
        $folder = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
        if (-not $PSCmdlet.ShouldProcess($folder, 'Create the journal')) { return }
        [Luma.Automation.LumaJournal]::Create($folder, $BaseUrl)
        [Luma.Automation.LumaJournal]::Open($folder)
    } catch {
        Write-LumaError $PSCmdlet $_ $Path
    }
}

function Open-LumaJournal {
    <#
    .SYNOPSIS
    Opens a journal for Invoke-LumaWorkflow -Journal.
    .DESCRIPTION
    Never creates one, see New-LumaJournal. The methods of the journal find, list and settle keys.
    .PARAMETER Path
    The folder of the journal.
    .EXAMPLE
    $journal = Open-LumaJournal C:\ProgramData\Desk\journal
    Invoke-LumaWorkflow unlock_account @{ userName = 'jdoe' } -Journal $journal -Key INC0012
    .EXAMPLE
    (Open-LumaJournal C:\ProgramData\Desk\journal).Unfinished()
    #>
    [CmdletBinding()]
    [OutputType([Luma.Automation.LumaJournal])]
    param(
        [Parameter(Mandatory = $true, Position = 0)]
        [string] $Path
    )
    try {
        [Luma.Automation.LumaJournal]::Open($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path))
    } catch {
        Write-LumaError $PSCmdlet $_ $Path
    }
}
