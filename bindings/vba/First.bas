Attribute VB_Name = "First"
' Triggers unlock_account for the user jdoe, and prints the status at each poll of its run. Import it
' together with LumaNative.bas, with luma.dll beside the program or in the search path. URL and token
' come from the environment or the configuration file. In VB6: without PtrSafe, and Long for LongPtr.
Option Explicit

Private Declare PtrSafe Function MultiByteToWideChar Lib "kernel32" (ByVal codePage As Long, _
    ByVal flags As Long, ByVal source As LongPtr, ByVal size As Long, ByVal target As LongPtr, _
    ByVal capacity As Long) As Long
Private Declare PtrSafe Function WideCharToMultiByte Lib "kernel32" (ByVal codePage As Long, _
    ByVal flags As Long, ByVal source As LongPtr, ByVal size As Long, ByVal target As LongPtr, _
    ByVal capacity As Long, ByVal default As LongPtr, ByVal used As LongPtr) As Long
Private Declare PtrSafe Sub Sleep Lib "kernel32" (ByVal milliseconds As Long)

Private Const UTF8 As Long = 65001

' An argument: pass VarPtr(bytes(0)).
Public Function Utf8Bytes(ByVal text As String) As Byte()
    Dim bytes() As Byte, size As Long
    If InStr(text, vbNullChar) > 0 Then Err.Raise 5, , "The text contains a NUL."
    size = WideCharToMultiByte(UTF8, 0, StrPtr(text), Len(text), 0, 0, 0, 0)
    ReDim bytes(0 To size) ' the last one stays 0
    If size > 0 Then WideCharToMultiByte UTF8, 0, StrPtr(text), Len(text), VarPtr(bytes(0)), size, 0, 0
    Utf8Bytes = bytes
End Function

' A returned string.
Public Function TextAt(ByVal pointer As LongPtr) As String
    Dim size As Long
    size = MultiByteToWideChar(UTF8, 0, pointer, -1, 0, 0)
    If size <= 1 Then Exit Function
    TextAt = String$(size - 1, vbNullChar)
    MultiByteToWideChar UTF8, 0, pointer, -1, StrPtr(TextAt), size
End Function

' Frees a result, and raises what it says. The error number is vbObjectError + the status.
Private Sub Raise(ByVal result As LongPtr)
    Dim status As Long, message As String
    status = luma_result_status(result)
    ' LUMA_OUTCOME_NOT_SENT: nothing was sent. REJECTED: nothing runs. UNKNOWN: check first.
    message = TextAt(luma_outcome_name(luma_result_outcome(result))) & " " & _
        TextAt(luma_status_name(status)) & ": " & TextAt(luma_result_message(result))
    luma_result_free result
    Err.Raise vbObjectError + status, "Luma", message
End Sub

Public Sub First()
    Dim client As LongPtr, request As LongPtr, result As LongPtr, wait As LongPtr
    Dim identifier() As Byte, name() As Byte, value() As Byte, pause As Long, status As Long
    On Error GoTo Failed
    If luma_client_new_from_environment(client, result) <> LUMA_OK Then Raise result

    identifier = Utf8Bytes("unlock_account")
    name = Utf8Bytes("userName")
    value = Utf8Bytes("jdoe")
    If luma_trigger_request_new_with_reason(VarPtr(identifier(0)), request, result) <> LUMA_OK Then Raise result
    luma_trigger_request_set_variable request, VarPtr(name(0)), VarPtr(value(0))
    luma_trigger_workflow client, request, result
    If luma_result_outcome(result) <> LUMA_OUTCOME_ACCEPTED Then Raise result

    ' In 32 bit, an int64_t is a Currency: 60000 ms is 6@, and back it is multiplied.
#If Win64 Then
    status = luma_wait_new(client, luma_result_trigger_id(result), 60000, wait)
#Else
    status = luma_wait_new(client, luma_result_trigger_id(result), 6@, wait)
#End If
    luma_result_free result
    If status <> LUMA_OK Then Err.Raise vbObjectError + status, "Luma", TextAt(luma_status_name(status))
    Do
        status = luma_wait_poll(wait, result)
        If status <> LUMA_OK And status <> LUMA_ERROR_WAIT_OPEN Then Raise result
        Debug.Print TextAt(luma_result_run_status_text(result))
        luma_result_free result
#If Win64 Then
        pause = luma_wait_next_poll_ms(wait)
#Else
        pause = luma_wait_next_poll_ms(wait) * 10000
#End If
        If pause > 0 Then Sleep pause: DoEvents
    Loop While pause >= 0

Failed:
    ' Freeing 0 does nothing.
    luma_wait_free wait
    luma_trigger_request_free request
    luma_client_free client
    If Err.Number <> 0 Then Debug.Print Err.Description
End Sub
