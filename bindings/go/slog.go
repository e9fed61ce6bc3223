//go:build go1.21

package luma

import (
	"context"
	"log/slog"
)

// SlogLogger returns a Logger that writes to a slog.Logger.
func SlogLogger(logger *slog.Logger) Logger {
	levels := map[LogLevel]slog.Level{
		LogError: slog.LevelError, LogWarn: slog.LevelWarn, LogInfo: slog.LevelInfo, LogDebug: slog.LevelDebug,
	}
	return func(level LogLevel, line string) {
		logger.Log(context.Background(), levels[level], line)
	}
}
