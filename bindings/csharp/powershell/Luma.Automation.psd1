@{
    RootModule = 'Luma.Automation.psm1'
    ModuleVersion = '0.0.0' # package.py replaces it
    GUID = '5d1f0a3e-7c52-4b0e-9a55-3f8a8d6b2c41'
    Author = 'The libluma authors'
    CompanyName = 'libluma'
    Copyright = 'MIT OR Apache-2.0'
    Description = 'Triggers workflows of Luma Automation, once per ticket, and waits for them.'
    PowerShellVersion = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    DotNetFrameworkVersion = '4.6.2'
    RequiredAssemblies = @('Luma.Automation.dll')
    FunctionsToExport = @(
        'New-LumaClient'
        'Invoke-LumaWorkflow'
        'Wait-LumaWorkflow'
        'Get-LumaWorkflow'
        'Get-LumaWorkflowStep'
        'Get-LumaWorkflowDefinition'
        'New-LumaJournal'
        'Open-LumaJournal'
    )
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    PrivateData = @{
        PSData = @{
            Tags = @('Luma', 'Automation', 'Workflow', 'ITSM')
        }
    }
}
