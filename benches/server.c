/*
 * A server on loopback that does as little as possible, so that the client dominates the figures.
 *
 *   server DELAY TEXT=FILE ...
 *
 * Responds after DELAY milliseconds with a FILE, which is a complete HTTP response: the first one
 * whose TEXT is part of the request line. An empty TEXT matches every request. The end of a trigger
 * id in it is replaced by a number, since two responses on a connection never have the same. Prints
 * its URL, and runs until it is killed.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_HEAD (64 * 1024)
#define MAX_RESPONSES 32
#define DIGITS 8

static struct response {
    const char *text;
    char *bytes;
    size_t length;
    size_t digits; /* the position of the number, or 0 */
} responses[MAX_RESPONSES];

static int response_count;
static struct timespec delay;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void load(struct response *response, const char *path)
{
    FILE *file = fopen(path, "rb");
    const char *id;
    long length;

    if (!file || fseek(file, 0, SEEK_END) || (length = ftell(file)) < 0)
        fail(path);
    rewind(file);
    response->bytes = malloc((size_t)length + 1);
    response->length = (size_t)length;
    if (!response->bytes || fread(response->bytes, 1, response->length, file) != response->length)
        fail(path);
    fclose(file);
    response->bytes[length] = '\0';
    id = strstr(response->bytes, "\"triggerId\":\"");
    if (id && response->length <= MAX_HEAD)
        response->digits = (size_t)(strchr(id + 13, '"') - response->bytes) - DIGITS;
}

static const struct response *response_to(char *head)
{
    char *end = strchr(head, '\r');
    int i;

    *end = '\0';
    for (i = 0; i < response_count - 1 && !strstr(head, responses[i].text); i++)
        ;
    *end = '\r';
    return &responses[i];
}

static size_t content_length(const char *head)
{
    const char *line;

    for (line = strstr(head, "\r\n"); line[2] != '\r'; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, "content-length:", 15) == 0)
            return strtoul(line + 17, NULL, 10);
    return 0;
}

static void write_number(char *digits, unsigned number)
{
    int i;

    for (i = DIGITS - 1; i >= 0; i--, number /= 10)
        digits[i] = (char)('0' + number % 10);
}

/*
 * Serves the request of this number on a connection; returns 0 if the client is gone. Clients do
 * not pipeline requests.
 */
static int serve_request(int connection, char *head, unsigned number)
{
    const char *bytes;
    const struct response *response;
    size_t have = 0, wanted;
    char *end = NULL;
    ssize_t got;

    while (!end) {
        got = recv(connection, head + have, MAX_HEAD - have, 0);
        if (got <= 0)
            return 0;
        have += (size_t)got;
        head[have] = '\0';
        end = strstr(head, "\r\n\r\n");
    }
    response = response_to(head);
    wanted = (size_t)(end + 4 - head) + content_length(head);
    for (; have < wanted; have += (size_t)got) {
        got = recv(connection, head, MAX_HEAD, 0);
        if (got <= 0)
            return 0;
    }
    bytes = response->bytes;
    if (response->digits) {
        bytes = memcpy(head, response->bytes, response->length);
        write_number(head + response->digits, number);
    }
    nanosleep(&delay, NULL);
    return send(connection, bytes, response->length, MSG_NOSIGNAL) == (ssize_t)response->length;
}

static void *serve(void *argument)
{
    int connection = *(int *)argument;
    char *head = malloc(MAX_HEAD + 1);
    unsigned number = 0;

    free(argument);
    while (head && serve_request(connection, head, number))
        number++;
    free(head);
    close(connection);
    return NULL;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {0};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1, *connection;
    pthread_t thread;
    int i;

    delay.tv_nsec = argc > 1 ? strtol(argv[1], NULL, 10) * 1000000 : 0;
    for (i = 2; i < argc && response_count < MAX_RESPONSES; i++, response_count++) {
        /* The last one, since TEXT may be part of a query. */
        char *equals = strrchr(argv[i], '=');
        if (!equals)
            return 2;
        *equals = '\0';
        responses[response_count].text = argv[i];
        load(&responses[response_count], equals + 1);
    }
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (response_count == 0 || bind(listener, (struct sockaddr *)&address, size) ||
        listen(listener, 128) || getsockname(listener, (struct sockaddr *)&address, &size))
        fail("server");
    printf("http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        connection = malloc(sizeof *connection);
        if (!connection || (*connection = accept(listener, NULL, NULL)) < 0)
            fail("accept");
        setsockopt(*connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (pthread_create(&thread, NULL, serve, connection))
            fail("thread");
        pthread_detach(thread);
    }
}
