/* credential NAME [TOKEN]: creates a generic credential, or deletes it. It is stored in UTF-16, as
 * cmdkey does, or in ASCII if NAME starts with "ascii". */
#include <stdio.h>
#include <string.h>
#include <windows.h>
#include <wincred.h>

int main(int argc, char **argv)
{
    wchar_t name[64], user[] = L"token", wide[512];
    CREDENTIALW credential;
    int is_ascii;

    if (argc < 2 || MultiByteToWideChar(CP_UTF8, 0, argv[1], -1, name, 64) == 0)
        return 2;
    if (argc == 2)
        return CredDeleteW(name, CRED_TYPE_GENERIC, 0) ? 0 : 1;
    is_ascii = strncmp(argv[1], "ascii", 5) == 0;
    if (MultiByteToWideChar(CP_UTF8, 0, argv[2], -1, wide, 512) == 0)
        return 2;
    memset(&credential, 0, sizeof credential);
    credential.Type = CRED_TYPE_GENERIC;
    credential.TargetName = name;
    credential.UserName = user;
    credential.Persist = CRED_PERSIST_LOCAL_MACHINE;
    credential.CredentialBlob = is_ascii ? (BYTE *)argv[2] : (BYTE *)wide;
    credential.CredentialBlobSize = (DWORD)(strlen(argv[2]) * (is_ascii ? 1 : sizeof *wide));
    if (!CredWriteW(&credential, 0)) {
        printf("CredWrite: %lu\n", GetLastError());
        return 1;
    }
    return 0;
}
