/* Checks and the closing line, shared by the two halves of the C++ test. */
#ifndef CHECK_HPP
#define CHECK_HPP

#include <luma.hpp>

#include <cstdio>

inline int passed = 0, failed = 0;

inline void check(bool holds, const char *file, int line, const char *condition)
{
    (holds ? passed : failed)++;
    if (!holds)
        std::fprintf(stderr, "%s:%d: %s\n", file, line, condition);
}

#define CHECK(condition) check(condition, __FILE__, __LINE__, #condition)

/* Checks that an expression throws a luma::error with this status and outcome. */
#define CHECK_THROWS(expression, expected_status, expected_outcome)                                \
    do {                                                                                           \
        bool as_expected = false;                                                                  \
        try {                                                                                      \
            (void)(expression);                                                                    \
        } catch (const luma::error &error) {                                                       \
            as_expected = error.status() == (expected_status) &&                                   \
                          error.outcome() == luma::outcome::expected_outcome &&                    \
                          !error.message().empty();                                                \
        }                                                                                          \
        check(as_expected, __FILE__, __LINE__, #expression);                                       \
    } while (0)

inline int closing_line()
{
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}

/* callbacks.cpp */
void callbacks(luma::client &client);

#endif
