/*
 * A server on loopback that does as little as possible, so that what is measured is the client.
 *
 *   server TEXT=FILE ...
 *
 * Each request gets the FILE, a whole HTTP reply, of the first TEXT that its request line holds; an
 * empty TEXT fits every request. Prints its URL; ends when it is killed.
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
#include <unistd.h>

#define MAX_HEAD (64 * 1024)
#define MAX_REPLIES 32

static struct reply {
    const char *text;
    char *bytes;
    size_t length;
} replies[MAX_REPLIES];

static int reply_count;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void load(struct reply *reply, const char *path)
{
    FILE *file = fopen(path, "rb");
    long length;

    if (!file || fseek(file, 0, SEEK_END) || (length = ftell(file)) < 0)
        fail(path);
    rewind(file);
    reply->bytes = malloc((size_t)length + 1);
    reply->length = (size_t)length;
    if (!reply->bytes || fread(reply->bytes, 1, reply->length, file) != reply->length)
        fail(path);
    fclose(file);
}

static const struct reply *reply_to(char *head)
{
    char *end = strchr(head, '\r');
    int i;

    *end = '\0';
    for (i = 0; i < reply_count - 1 && !strstr(head, replies[i].text); i++)
        ;
    *end = '\r';
    return &replies[i];
}

static size_t content_length(const char *head)
{
    const char *line;

    for (line = strstr(head, "\r\n"); line[2] != '\r'; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, "content-length:", 15) == 0)
            return strtoul(line + 17, NULL, 10);
    return 0;
}

/* Answers one request; 0 when there is none. Clients here send the next one after the reply. */
static int answer(int connection, char *head)
{
    const struct reply *reply;
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
    reply = reply_to(head);
    wanted = (size_t)(end + 4 - head) + content_length(head);
    for (; have < wanted; have += (size_t)got) {
        got = recv(connection, head, MAX_HEAD, 0);
        if (got <= 0)
            return 0;
    }
    return send(connection, reply->bytes, reply->length, MSG_NOSIGNAL) == (ssize_t)reply->length;
}

static void *serve(void *argument)
{
    int connection = *(int *)argument;
    char *head = malloc(MAX_HEAD + 1);

    free(argument);
    while (head && answer(connection, head))
        ;
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

    for (reply_count = 0; reply_count < argc - 1 && reply_count < MAX_REPLIES; reply_count++) {
        /* The last one, since the TEXT may be a part of a query. */
        char *equals = strrchr(argv[reply_count + 1], '=');
        if (!equals)
            return 2;
        *equals = '\0';
        replies[reply_count].text = argv[reply_count + 1];
        load(&replies[reply_count], equals + 1);
    }
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (reply_count == 0 || bind(listener, (struct sockaddr *)&address, size) ||
        listen(listener, 64) || getsockname(listener, (struct sockaddr *)&address, &size))
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
