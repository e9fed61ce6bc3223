program First;
{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}
{$APPTYPE CONSOLE}

uses
  SysUtils, LumaNative;

{ Called at each poll. 0: go on. No exception may leave it. }
function OnPoll(AResult: PLumaResult; AUserData: Pointer): Int32; cdecl;
begin
  WriteLn(string(luma_result_run_status_text(AResult)));
  Result := 0;
end;

{ Raises what a result says, and frees it. }
procedure Fail(AResult: PLumaResult);
var
  Message: string;
begin
  { By luma_result_outcome: NOT_SENT: nothing was sent. REJECTED: nothing runs. UNKNOWN: check first. }
  Message := string(luma_status_name(luma_result_status(AResult))) + ': ' + string(luma_result_message(AResult));
  luma_result_free(AResult);
  raise Exception.Create(Message);
end;

procedure Run;
var
  Client: PLumaClient;
  Res: PLumaResult;
  TriggerId: UTF8String;
begin
  if luma_client_new_from_environment(Client, Res) <> LUMA_OK then
    Fail(Res);
  try
    luma_trigger_workflow_json(Client,
      '{"workflowIdentifier":"unlock_account","variables":{"userName":"jdoe"}}', Res);
    if luma_result_outcome(Res) <> LUMA_OUTCOME_ACCEPTED then
      Fail(Res);
    TriggerId := luma_result_trigger_id(Res);
    luma_result_free(Res);
    if luma_wait_for_workflow(Client, PAnsiChar(TriggerId), 60000, OnPoll, nil, Res) <> LUMA_OK then
      Fail(Res);
    luma_result_free(Res);
  finally
    luma_client_free(Client);
  end;
end;

begin
  try
    Run;
  except
    on E: Exception do
    begin
      WriteLn(ErrOutput, E.Message);
      Halt(1);
    end;
  end;
end.
