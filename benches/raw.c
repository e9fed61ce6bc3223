/*
 * The lower bound: writes a prepared request in one call, takes the bytes of one read as the
 * response, and checks only its first 12 bytes. OpenSSL does TLS. See client.h for the arguments.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "body.h"
#include "client.h"

static int connection;
static SSL *tls;
static char request[4096], response[64 * 1024];
static int request_length;

static void open_tls(void)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_read_ahead(context, 1); /* One read per record, not two. */
    if (SSL_CTX_load_verify_locations(context, setting("BENCH_CA"), NULL) != 1)
        fail("BENCH_CA contains no certificate");
    tls = SSL_new(context);
    SSL_CTX_free(context);
    if (!tls || SSL_set_fd(tls, connection) != 1 || SSL_connect(tls) != 1)
        fail("TLS handshake failed");
}

static void open_client(void)
{
    struct sockaddr_in address = {0};
    int port = 0, path = 0, yes = 1;
    const char *url = trigger_url(), *authority = strstr(url, "//") + 2;

    if (sscanf(authority, "127.0.0.1:%d%n", &port, &path) != 1)
        fail("BENCH_URL is not on 127.0.0.1");
    request_length = snprintf(
        request, sizeof request,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
        authority + path, port, setting("BENCH_TOKEN"), sizeof BODY - 1, BODY);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection, (struct sockaddr *)&address, sizeof address))
        fail("cannot connect");
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (strncmp(url, "https", 5) == 0)
        open_tls();
}

static void trigger(void)
{
    long sent = tls ? SSL_write(tls, request, request_length)
                    : send(connection, request, (size_t)request_length, 0);
    long got = tls ? SSL_read(tls, response, sizeof response)
                   : recv(connection, response, sizeof response, 0);

    if (sent != request_length || got < 12 || memcmp(response, "HTTP/1.1 200", 12) != 0)
        fail("no response, or not HTTP/1.1 200");
}

static void close_client(void)
{
    SSL_free(tls);
    close(connection);
}

int main(int argc, char **argv)
{
    return run_client(argc, argv, open_client, trigger, close_client);
}
