// The rows of bindings/conformance.md. Runs on Mono and on .NET Core, against a simulator with
// virtual time.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Luma.Automation;

static class Conformance
{
    static readonly string Url = Environment.GetEnvironmentVariable("LUMA_URL");
    static readonly string Token = Environment.GetEnvironmentVariable("LUMA_TOKEN");
    static readonly string WorkFolder = Environment.GetEnvironmentVariable("LUMA_BUILD_DIR") ?? Path.GetTempPath();
    // The command that started this process, such as "mono Conformance.exe".
    static readonly string TestCommand = Environment.GetEnvironmentVariable("LUMA_TEST_COMMAND");
    static int passed, failed;

    static int Main(string[] arguments)
    {
        if (arguments.Length == 1 && arguments[0] == "version")
        {
            try
            {
                Console.WriteLine(LumaClient.LibraryVersion);
                return 0;
            }
            catch (DllNotFoundException exception)
            {
                Console.WriteLine(exception.Message);
                return 3;
            }
        }
        string only = arguments.Length > 0 ? arguments[0] : "";
        foreach (MethodInfo row in typeof(Conformance).GetMethods(
            BindingFlags.Static | BindingFlags.NonPublic))
        {
            if (!row.Name.StartsWith("Row") || !row.Name.StartsWith("Row" + only))
                continue;
            // Not for a package that contains the library.
            if (row.Name.StartsWith("Row25") && TestCommand == null)
                continue;
            Stopwatch watch = Stopwatch.StartNew();
            string error = null;
            try
            {
                row.Invoke(null, null);
            }
            catch (TargetInvocationException exception)
            {
                error = exception.InnerException.ToString();
            }
            if (error == null)
                passed++;
            else
                failed++;
            Console.WriteLine("{0} {1} ({2} ms)", error == null ? "ok    " : "FAILED", row.Name,
                watch.ElapsedMilliseconds);
            if (error != null)
                Console.WriteLine(error);
        }
        Console.WriteLine("{0} passed, {1} failed", passed, failed);
        return failed == 0 ? 0 : 1;
    }

    static void Row01Accepted()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        {
            int before = Requests("unlock_account");
            using (LumaTrigger trigger = client.TriggerWorkflow(Unlock()))
            {
                Equal(LumaOutcome.Accepted, trigger.Outcome);
                Equal(LumaStatus.Ok, trigger.Status);
                True(trigger.TriggerId.Length > 0, "trigger id");
                True(trigger.Json.Contains(trigger.TriggerId), "the response has the trigger id");
                True(!trigger.AlreadyAccepted, "not accepted before");
            }
            Equal(before + 1, Requests("unlock_account"));
            LumaTrigger again = client.TriggerWorkflowAsync(Unlock()).Result;
            Equal(LumaOutcome.Accepted, again.Outcome);
            using (LumaConnection connection = client.Connect())
                True(connection.PeerAddress.StartsWith("127.0.0.1:"), connection.PeerAddress);
            LumaDefinitions definitions = client.ListWorkflowDefinitions("identifier=='unlock_account'");
            Equal(1, definitions.Count);
            Equal("unlock_account", definitions[0].Identifier);
            Equal("userName", definitions[0].Parameters[0].Name);
            True(definitions[0].Parameters[0].Required, "userName is required");
        }
    }

    static void Row02RejectedWithReasons()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        using (LumaTriggerRequest request = new LumaTriggerRequest("unlock_account"))
        {
            LumaRejectedException error = Throws<LumaRejectedException>(delegate
            {
                client.TriggerWorkflow(request);
            });
            Equal(200, (int)error.Status);
            Equal("LUMA_ERROR_VALIDATION", error.StatusName);
            Equal(LumaOutcome.Rejected, error.Outcome);
            Equal(1, error.Reasons.Count);
            Equal("User name is required", error.Reasons[0]);
            True(error.Result is LumaTrigger, "the result");
            True(error.Message.Length > 0 && error.Message == error.Result.Message, "the message");
        }
    }

    static void Row03NotSent()
    {
        using (LumaClient client = new LumaClient(ClosedPort(), Token))
        {
            LumaNotSentException error = Throws<LumaNotSentException>(delegate
            {
                client.TriggerWorkflow(Unlock());
            });
            Equal("LUMA_ERROR_CONNECT", error.StatusName);
            Equal(typeof(LumaNotSentException), error.GetType());
            error = Throws<LumaNotSentException>(delegate
            {
                client.TriggerWorkflowAsync(Unlock()).GetAwaiter().GetResult();
            });
            Equal(LumaStatus.Connect, error.Status);
        }
    }

    static void Row04Unknown()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        using (LumaTriggerRequest request = new LumaTriggerRequest("fault-close-after-reading"))
        {
            int before = Requests("fault-close-after-reading");
            LumaException error = Throws<LumaUnknownException>(delegate
            {
                client.TriggerWorkflow(request);
            });
            Equal("LUMA_ERROR_CONNECTION_LOST", error.StatusName);
            True(!((object)error is LumaRejectedException) && !((object)error is LumaNotSentException),
                "neither rejected nor not sent");
            Equal(before + 1, Requests("fault-close-after-reading"));
        }
    }

    static void Row05WaitWithProgress()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        using (LumaTriggerRequest request = new LumaTriggerRequest("reset_password"))
        {
            request.SetVariable("userName", "jdoe");
            string id = client.TriggerWorkflow(request).TriggerId;
            List<string> seen = new List<string>();
            LumaRun run = client.WaitForWorkflowAsync(id, TimeSpan.FromSeconds(30),
                progress: new Progress(delegate(LumaRun current)
                {
                    if (seen.Count == 0 || seen[seen.Count - 1] != current.RunStatusText)
                        seen.Add(current.RunStatusText);
                    if (current.RunStatus == LumaRunStatus.Running)
                        Advance(3000);
                })).Result;
            Equal("RUNNING,COMPLETED", string.Join(",", seen));
            Equal(LumaRunStatus.Completed, run.RunStatus);
            True(run.IsFinal, "final");
            Equal(id, run.TriggerId);
            Equal(TimeSpan.FromMilliseconds(3000), run.EndTime - run.StartTime);
            True(run.PollCount >= 2, "polls");

            // Waits do not block threads: 100 of them need few.
            using (CancellationTokenSource stop = new CancellationTokenSource())
            {
                string patch = Patch(client);
                List<Task> waits = new List<Task>();
                for (int i = 0; i < 100; i++)
                    waits.Add(client.WaitForWorkflowAsync(patch, cancellationToken: stop.Token));
                Thread.Sleep(1500);
                int workers, ports, most;
                ThreadPool.GetAvailableThreads(out workers, out ports);
                ThreadPool.GetMaxThreads(out most, out ports);
                True(most - workers <= 20, (most - workers) + " threads are busy");
                stop.Cancel();
                foreach (Task wait in waits)
                    Throws<OperationCanceledException>(delegate { wait.GetAwaiter().GetResult(); });
            }
        }
    }

    static void Row06AFailedRunIsAResult()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        using (LumaTriggerRequest request = new LumaTriggerRequest("restart_service"))
        {
            request.SetVariable("hostName", "h1").SetVariable("serviceName", "s1");
            string id = client.TriggerWorkflow(request).TriggerId;
            Advance(2000);
            LumaRun run = client.WaitForWorkflow(id, TimeSpan.FromSeconds(30));
            Equal(LumaRunStatus.Failed, run.RunStatus);
        }
    }

    static void Row07AWaitsErrorIsAnotherType()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        {
            string id = client.TriggerWorkflow(Unlock()).TriggerId;
            using (LumaClient wrong = new LumaClient(Url, "wrong-token"))
            {
                LumaWaitException error = Throws<LumaWaitException>(delegate
                {
                    wrong.WaitForWorkflow(id, TimeSpan.FromSeconds(10));
                });
                Equal(id, error.TriggerId);
                Equal(LumaStatus.Unauthorized, error.Status);
                Equal(LumaOutcome.Rejected, error.Outcome);
            }
            using (LumaClient without = new LumaClient(Url, delegate { return null; }))
            {
                LumaException error = Throws<LumaWaitException>(delegate
                {
                    without.WaitForWorkflow(id, TimeSpan.FromSeconds(10));
                });
                Equal("LUMA_ERROR_ACCESS_TOKEN", error.StatusName);
                Equal(LumaOutcome.NotSent, error.Outcome);
                True(!(error is LumaTriggerException), "not an error of a trigger");
                error = Throws<LumaCallException>(delegate { without.GetWorkflowHistory(id); });
                Equal(LumaOutcome.NotSent, error.Outcome);
                Throws<LumaNotSentException>(delegate { without.TriggerWorkflow(Unlock()); });
            }
        }
    }

    static void Row08AWaitTimesOut()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        {
            string id = Patch(client);
            LumaWaitException error = Throws<LumaWaitException>(delegate
            {
                client.WaitForWorkflow(id, TimeSpan.FromMilliseconds(200));
            });
            Equal("LUMA_ERROR_WAIT_TIMEOUT", error.StatusName);
            Equal(id, error.TriggerId);
            Equal(LumaRunStatus.Activated, error.Run.RunStatus);
        }
    }

    static void Row09Steps()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        using (LumaTriggerRequest request = new LumaTriggerRequest("inventory_scan"))
        {
            string id = client.TriggerWorkflow(request.SetVariable("siteName", "s")).TriggerId;
            LumaSteps steps = client.ListWorkflowSteps(id);
            Equal(250, steps.Count);
            foreach (LumaStep each in steps)
                True(each.Id.Length > 0, "a step has an id");
            LumaStep step = client.GetWorkflowStepAsync(id, steps[0].Id).Result;
            Equal(steps[0].Id, step.Id);
            Equal(steps[0].Name, step.Name);
            True(step.Result.GetJsonType("/resultData") == LumaJsonType.Object, "its details");
            Equal(10, client.ListWorkflowSteps(id, top: 10).Count);
        }
    }

    static void Row10CancellingOneOfTwoWaits()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        {
            string first = Patch(client), second = Patch(client);
            using (CancellationTokenSource stop = new CancellationTokenSource())
            {
                Task<LumaRun> cancelled = client.WaitForWorkflowAsync(first,
                    cancellationToken: stop.Token);
                Task<LumaRun> other = client.WaitForWorkflowAsync(second, TimeSpan.FromSeconds(60));
                Thread.Sleep(300);
                EndsWithin(50, cancelled, stop.Cancel);
                Throws<OperationCanceledException>(delegate { cancelled.GetAwaiter().GetResult(); });
                True(cancelled.IsCanceled, "the task is cancelled");
                Equal(LumaOutcome.Accepted, client.TriggerWorkflow(Unlock()).Outcome);
                Advance(180000);
                Equal(LumaRunStatus.Completed, other.Result.RunStatus);
            }
            // Also during a poll.
            using (CancellationTokenSource stop = new CancellationTokenSource())
            {
                Task<LumaRun> hanging = client.WaitForWorkflowAsync("fault-hang",
                    cancellationToken: stop.Token);
                Thread.Sleep(300);
                EndsWithin(50, hanging, stop.Cancel);
                Throws<OperationCanceledException>(delegate { hanging.GetAwaiter().GetResult(); });
            }
            // Cancelling the client ends waits too, also between two polls.
            Task<LumaRun> waiting = client.WaitForWorkflowAsync(Patch(client));
            Thread.Sleep(300);
            EndsWithin(50, waiting, client.Cancel);
            LumaWaitException error = Throws<LumaWaitException>(delegate
            {
                waiting.GetAwaiter().GetResult();
            });
            Equal(LumaStatus.Cancelled, error.Status);
            // A trigger that was sent is not "cancelled", but unknown.
            using (CancellationTokenSource stop = new CancellationTokenSource())
            using (LumaTriggerRequest hang = new LumaTriggerRequest("fault-hang"))
            {
                Task<LumaTrigger> trigger = client.TriggerWorkflowAsync(hang, stop.Token);
                Thread.Sleep(300);
                EndsWithin(50, trigger, stop.Cancel);
                LumaUnknownException unknown = Throws<LumaUnknownException>(delegate
                {
                    trigger.GetAwaiter().GetResult();
                });
                Equal(LumaStatus.Cancelled, unknown.Status);
                stop.Cancel();
                Throws<OperationCanceledException>(delegate
                {
                    client.TriggerWorkflowAsync(Unlock(), stop.Token).GetAwaiter().GetResult();
                });
            }
        }
    }

    static void Row11Log()
    {
        List<string> lines = new List<string>();
        List<LumaLogLevel> levels = new List<LumaLogLevel>();
        LumaClientOptions options = new LumaClientOptions
        {
            LogLevel = LumaLogLevel.Debug,
            Log = delegate(LumaLogLevel level, string line) { levels.Add(level); lines.Add(line); }
        };
        using (LumaClient client = new LumaClient(Url, Token, options))
            client.TriggerWorkflow(Unlock());
        True(levels.Contains(LumaLogLevel.Info), "a line with level INFO");
        foreach (string line in lines)
            True(!line.Contains(Token), line);
    }

    static void Row12NonAsciiText()
    {
        const string name = "J\u00fcrgen \u65e5\u672c \ud83d\ude42";
        using (LumaClient client = new LumaClient(Url, Token))
        using (LumaTriggerRequest request = new LumaTriggerRequest("unlock_account"))
        {
            string id = client.TriggerWorkflow(request.SetVariable("userName", name)).TriggerId;
            True(Journal("unlock_account").Contains(name), "the journal has the text");
            LumaRun run = client.GetWorkflowHistory(id);
            Equal("userName", run.Parameters[0].Name);
            Equal(name, run.Parameters[0].Value);
        }
    }

    static void Row13EmbeddedNul()
    {
        const string nul = "a\0b";
        int before = Requests("unlock_account");
        using (LumaClient client = new LumaClient(Url, Token))
        using (LumaTriggerRequest request = Unlock())
        {
            Throws<ArgumentException>(delegate { new LumaClient(nul, Token); });
            Throws<ArgumentException>(delegate { new LumaClient(Url, nul); });
            Throws<ArgumentException>(delegate { new LumaTriggerRequest(nul); });
            Throws<ArgumentException>(delegate { request.SetVariable(nul, "x"); });
            Throws<ArgumentException>(delegate { request.SetVariable("x", nul); });
            Throws<ArgumentException>(delegate { request.SetSecretVariable("x", nul); });
            Throws<ArgumentException>(delegate { client.GetWorkflowHistory(nul); });
            Throws<ArgumentException>(delegate { client.WaitForWorkflow(nul); });
            Throws<ArgumentException>(delegate { client.SetAccessToken(nul); });
            Throws<ArgumentException>(delegate { request.SetVariable("x", "\ud83d"); });
            Throws<ArgumentNullException>(delegate { client.TriggerWorkflow(null); });
        }
        Equal(before, Requests("unlock_account"));
    }

    static void Row14Int64()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        {
            foreach (long contact in new[] { 9007199254740993, long.MinValue, long.MaxValue })
            {
                using (LumaTriggerRequest request = Unlock().SetInitiator(contact, -7))
                {
                    string id = client.TriggerWorkflow(request).TriggerId;
                    True(Journal("unlock_account").Contains(contact.ToString()), "exact digits");
                    LumaRun run = client.GetWorkflowHistory(id);
                    Match pointer = Regex.Match(run.Json, "\"(initiatorContactId|initiatorId)\":(-?[0-9]+)");
                    if (pointer.Success)
                        Equal(contact, run.GetInt64("/resultData/" + pointer.Groups[1].Value));
                    long start = run.GetInt64("/resultData/startTime");
                    Equal(start, (long)(run.StartTime.Value - new DateTimeOffset(1970, 1, 1, 0, 0, 0,
                        TimeSpan.Zero)).TotalMilliseconds);
                }
            }
            using (LumaTriggerRequest request = Unlock())
            {
                request.SetVariable("a", long.MaxValue).SetVariable("b", true).SetVariable("c", 0.1)
                    .SetVariableJson("d", "[1,2]").SetInitiator(1, LumaApplication.Changegear);
                client.TriggerWorkflow(request);
                string body = Journal("unlock_account");
                True(body.Contains("9223372036854775807"), "a");
                Throws<LumaArgumentException>(delegate { request.SetVariable("c", double.NaN); });
            }
        }
    }

    static void Row15EightThreads()
    {
        int before = Requests("unlock_account");
        HashSet<string> ids = new HashSet<string>();
        using (LumaClient client = new LumaClient(Url, Token))
        {
            List<Task> tasks = new List<Task>();
            for (int i = 0; i < 8; i++)
            {
                tasks.Add(Task.Factory.StartNew(delegate
                {
                    for (int j = 0; j < 25; j++)
                    {
                        string id = client.TriggerWorkflow(Unlock()).TriggerId;
                        lock (ids)
                            ids.Add(id);
                    }
                }, TaskCreationOptions.LongRunning));
            }
            Task.WaitAll(tasks.ToArray());
        }
        Equal(200, ids.Count);
        Equal(before + 200, Requests("unlock_account"));
    }

    static void Row27CountersAndDraining()
    {
        LumaClient client = new LumaClient(Url, Token);
        client.TriggerWorkflow(Unlock());
        Equal(1L, client.GetCounter(LumaCounter.CallsAccepted));
        True(client.GetCounter(LumaCounter.BytesSent) > 100, "bytes");
        Task<LumaRun> hanging = client.GetWorkflowHistoryAsync("fault-hang");
        Thread.Sleep(200);
        True(!client.Drain(TimeSpan.FromMilliseconds(100)), "a call was cancelled");
        EndsWithin(100, hanging, delegate { });
        Equal(LumaStatus.Cancelled, Throws<LumaNotSentException>(delegate
        {
            client.TriggerWorkflow(Unlock());
        }).Status);
        True(client.DrainAsync(TimeSpan.FromSeconds(1)).Result, "drained before");
    }

    static void Row26ASetOfWaits()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        using (LumaWaitSet waits = client.NewWaitSet(1000))
        {
            True(waits.Next() == null, "an empty set has no event");
            var ids = new List<string>();
            for (int i = 0; i < 20; i++)
                ids.Add(client.TriggerWorkflow(new LumaTriggerRequest("reset_password")
                    .SetVariable("userName", "jdoe")).TriggerId);
            foreach (string id in ids)
                True(waits.Add(id, TimeSpan.FromMinutes(1)), "added");
            True(!waits.Add(ids[0]), "added twice");
            True(waits.Remove(ids[0]) && !waits.Remove(ids[0]), "removed once");
            Throws<ArgumentException>(delegate { waits.Add("a\0b"); });
            True(Throws<LumaArgumentException>(delegate { waits.Add(""); }).Message.Length > 0, "a message");
            var seen = new Dictionary<string, string>();
            while (waits.Count > 0)
            {
                LumaWaitEvent found = waits.Next();
                Equal(null, found.Error);
                Equal(found.Run.IsFinal, found.HasEnded);
                string before;
                seen.TryGetValue(found.TriggerId, out before);
                seen[found.TriggerId] = before + found.Run.RunStatus + " ";
                if (seen.Count == 19)
                    Advance(3000);
            }
            Equal(19, seen.Count);
            foreach (string statuses in seen.Values)
                Equal("Running Completed ", statuses);

            string server = client.TriggerWorkflow(new LumaTriggerRequest("patch_server")
                .SetVariable("hostName", "h")).TriggerId;
            waits.Add(server, TimeSpan.FromMilliseconds(300));
            True(!waits.Next().HasEnded, "a first status");
            True(waits.Next(TimeSpan.FromMilliseconds(10)) == null, "nothing has changed");
            waits.Wake();
            True(waits.Next() == null, "woken");
            LumaWaitEvent ended = waits.Next();
            True(ended.HasEnded, "the wait timed out");
            Equal(LumaStatus.WaitTimeout, ended.Error.Status);
            Equal(server, ((LumaWaitException)ended.Error).TriggerId);

            waits.Add(server);
            waits.Next();
            var source = new CancellationTokenSource(200);
            EndsWithin(400, waits.NextAsync(null, source.Token), delegate { });
            waits.Add("fault-hang");
            Task<LumaWaitEvent> hanging = waits.NextAsync();
            Thread.Sleep(200);
            EndsWithin(100, hanging, waits.Dispose);
            Throws<ObjectDisposedException>(delegate { waits.Next(); });
        }
        using (LumaClient right = new LumaClient(Url, Token))
        using (LumaClient wrong = new LumaClient(Url, "wrong"))
        using (LumaWaitSet waits = wrong.NewWaitSet())
        {
            string id = right.TriggerWorkflow(Unlock()).TriggerId;
            waits.Add(id);
            LumaWaitEvent paused = waits.Next();
            Equal("", paused.TriggerId);
            Equal(LumaStatus.Unauthorized, paused.Error.Status);
            Equal(false, paused.HasEnded);
            wrong.SetAccessToken(Token);
            Equal(id, waits.Next().TriggerId);
            wrong.Dispose();
            Equal(LumaStatus.Cancelled,
                Throws<LumaCallException>(delegate { waits.Next(); }).Status);
        }
    }

    sealed class Store : ILumaStore
    {
        public readonly Dictionary<string, object[]> Rows = new Dictionary<string, object[]>();
        public bool Fails;

        public LumaClaim Claim(string key, string digest, string intentJson)
        {
            if (Fails)
                throw new InvalidOperationException("the table is gone");
            True(intentJson.Contains("\"workflow\""), intentJson);
            object[] row;
            if (!Rows.TryGetValue(key, out row))
            {
                Rows[key] = new object[] { digest, null, null };
                return LumaClaim.Granted;
            }
            if ((string)row[0] != digest)
                return LumaClaim.OtherRequest;
            if (row[1] == null)
                return LumaClaim.InProgress;
            return (LumaOutcome)row[1] == LumaOutcome.Accepted ? LumaClaim.Accepted((string)row[2])
                : LumaClaim.Unresolved;
        }

        public void Complete(string key, LumaOutcome outcome, string triggerId)
        {
            Rows[key] = new[] { Rows[key][0], outcome, triggerId };
            if (key == "fails")
                throw new InvalidOperationException("the disk is full");
        }
    }

    static void Row28AStore()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        {
            int before = Requests("unlock_account");
            var store = new Store();
            LumaTrigger first = client.TriggerWorkflowOnceWithStore(store, "secret", "k1", Unlock());
            LumaTrigger second = client.TriggerWorkflowOnceWithStore(store, "secret", "k1", Unlock());
            True(second.AlreadyAccepted && second.TriggerId == first.TriggerId, "once");
            Equal(before + 1, Requests("unlock_account"));
            Throws<LumaNotSentException>(delegate
            {
                client.TriggerWorkflowOnceWithStore(store, "secret", "k1",
                    new LumaTriggerRequest("unlock_account").SetVariable("userName", "other"));
            });
            before = Requests("fault-close-after-reading");
            for (int i = 0; i < 2; i++)
                Throws<LumaUnknownException>(delegate
                {
                    client.TriggerWorkflowOnceWithStore(store, "secret", "k2",
                        new LumaTriggerRequest("fault-close-after-reading"));
                });
            Equal(before + 1, Requests("fault-close-after-reading"));
            LumaCallbackException stored = Throws<LumaCallbackException>(delegate
            {
                client.TriggerWorkflowOnceWithStore(store, "secret", "fails", Unlock());
            });
            Equal("the disk is full", stored.InnerException.Message);
            Equal(LumaOutcome.Accepted, stored.Result.Outcome);
            store.Fails = true;
            before = Requests("unlock_account");
            LumaException failure = Throws<LumaNotSentException>(delegate
            {
                client.TriggerWorkflowOnceWithStore(store, "secret", "k3", Unlock());
            });
            Equal(LumaStatus.JournalStore, failure.Status);
            Equal("the table is gone", failure.InnerException.Message);
            Equal(before, Requests("unlock_account"));
        }
    }

    static void Row29EverySettingAndGetter()
    {
        string certificates = Environment.GetEnvironmentVariable("LUMA_CERTIFICATES");
        string text = Path.Combine(WorkFolder, "luma.log"), json = Path.Combine(WorkFolder, "luma.json");
        string ca = Path.Combine(certificates, "ca.pem");
        string chain = Path.Combine(certificates, "client-ec.pem");
        string key = Path.Combine(certificates, "client-ec.sec1.key");
        foreach (bool pem in new[] { false, true })
        {
            var options = new LumaClientOptions
            {
                AuthScheme = LumaAuthScheme.Bearer,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                Timeout = TimeSpan.FromSeconds(10),
                MaxResponseBytes = 1000000,
                TriggerMaxIdle = TimeSpan.FromSeconds(1),
                ReadMaxIdle = TimeSpan.FromSeconds(2),
                MaxIdleConnections = 4,
                Retries = false,
                AllowHttp = true,
                Proxy = "direct",
                AutoProxy = false,
                ApplicationId = "Tests/1.0",
                LogLevel = LumaLogLevel.Info,
                LogFile = pem ? json : text,
                LogFileIsJson = pem,
                CaFile = pem ? null : ca,
                AddCaFile = pem ? null : ca,
                ClientCertificateFile = pem ? null : chain,
                ClientKeyFile = pem ? null : key,
                CaPem = pem ? File.ReadAllText(ca) : null,
                AddCaPem = pem ? File.ReadAllText(ca) : null,
                ClientCertificatePem = pem ? File.ReadAllText(chain) : null,
                ClientKeyPem = pem ? File.ReadAllText(key) : null,
            };
            using (LumaClient all = new LumaClient(Url, Token, options))
                all.TriggerWorkflow(Unlock());
        }
        True(File.ReadAllText(text).Contains("unlock_account"), "the log");
        True(File.ReadAllText(json).StartsWith("{"), "the log in JSON");
        foreach (LumaClientOptions wrong in new[]
        {
            new LumaClientOptions { CaPem = "x" },
            new LumaClientOptions { Proxy = "x://" },
            new LumaClientOptions { Timeout = TimeSpan.Zero },
            new LumaClientOptions { MaxIdleConnections = -1 },
        })
            Throws<LumaArgumentException>(delegate { new LumaClient(Url, Token, wrong); });

        using (LumaClient client = new LumaClient(Url, Token))
        using (LumaClient quick = client.WithTimeout(TimeSpan.FromSeconds(5)))
        {
            LumaConnection connection = client.Connect();
            Equal(null, connection.TlsVersion == "" ? null : connection.TlsVersion);
            Equal(null, connection.CertificateExpires);
            LumaTrigger trigger = quick.TriggerWorkflow(Unlock());
            Equal(200, trigger.HttpStatus);
            Equal(1, trigger.Attempts);
            Equal(null, trigger.RetryAfter);
            Equal(null, trigger.GetTiming(LumaTiming.Tls));
            True(trigger.ConnectionReused, "the connection that was opened ahead of time");
            Advance(60000);
            Equal(LumaStatus.Ok, trigger.PageStatus);
            Throws<LumaArgumentException>(delegate { trigger.GetBoolean("/status"); });
            Throws<LumaArgumentException>(delegate { trigger.GetCount("/status"); });
            client.TriggerWorkflow(new LumaTriggerRequest("unlock_account")
                .SetVariablesJson("{\"userName\":\"jdoe\"}").SetInitiationInfo("ticketIdentifier", "INC-1"));
            LumaRun run = client.WaitForWorkflow(trigger.TriggerId, TimeSpan.FromSeconds(10), true);
            Equal(run.EndTime - run.StartTime, run.TimeSpent);
        }
    }

    static void Row16ExceptionInACallback()
    {
        Exception thrown = new InvalidOperationException("thrown by a callback");
        LumaClientOptions options = new LumaClientOptions
        {
            LogLevel = LumaLogLevel.Debug,
            Log = delegate { throw thrown; }
        };
        int before = Requests("unlock_account");
        using (LumaClient client = new LumaClient(Url, Token, options))
        {
            LumaCallbackException error = Throws<LumaCallbackException>(delegate
            {
                client.TriggerWorkflow(Unlock());
            });
            Same(thrown, error.InnerException);
            True(((LumaTrigger)error.Result).TriggerId.Length > 0, "the result is not lost");
            Equal(LumaOutcome.Accepted, error.Outcome);
            using (LumaTriggerRequest empty = new LumaTriggerRequest("unlock_account"))
            {
                LumaRejectedException rejected = Throws<LumaRejectedException>(delegate
                {
                    client.TriggerWorkflow(empty);
                });
                Same(thrown, rejected.InnerException);
            }
        }
        Equal(before + 2, Requests("unlock_account"));

        using (LumaClient client = new LumaClient(Url, Token, options))
        {
            LumaCallbackException error = Throws<LumaCallbackException>(delegate
            {
                client.WaitForWorkflow(Patch(new LumaClient(Url, Token)));
            });
            Same(thrown, error.InnerException);
            Equal(LumaRunStatus.Activated, ((LumaRun)error.Result).RunStatus);
        }
        using (LumaClient client = new LumaClient(Url, Token))
        {
            string id = client.TriggerWorkflow(Unlock()).TriggerId;
            Same(thrown, Throws<InvalidOperationException>(delegate
            {
                client.WaitForWorkflow(id, progress: new Progress(delegate { throw thrown; }));
            }));
        }

        before = Requests("unlock_account");
        using (LumaClient client = new LumaClient(Url, delegate { throw thrown; }))
        {
            LumaNotSentException error = Throws<LumaNotSentException>(delegate
            {
                client.TriggerWorkflow(Unlock());
            });
            Same(thrown, error.InnerException);
        }
        Equal(before, Requests("unlock_account"));
    }

    static void Row17WrongFreeOrder()
    {
        for (int i = 0; i < 100; i++)
        {
            LumaClient client = new LumaClient(Url, Token);
            Task<LumaRun> poll = client.WaitForWorkflowAsync("fault-hang");
            Task<LumaRun> read = client.GetWorkflowHistoryAsync("fault-hang");
            if (i % 2 == 0)
                Thread.Sleep(10);
            client.Dispose();
            client.Dispose();
            EndsWithin(500, poll, delegate { });
            EndsWithin(500, read, delegate { });
            True(poll.IsFaulted && read.IsFaulted, "both end with an exception");
            Throws<ObjectDisposedException>(delegate { client.GetWorkflowHistory("x"); });
            Throws<ObjectDisposedException>(delegate { client.WaitForWorkflow("x"); });
            Throws<ObjectDisposedException>(delegate { client.Cancel(); });
        }
        LumaClient first = new LumaClient(Url, Token);
        LumaTrigger result = first.TriggerWorkflow(Unlock());
        LumaClient named = first.WithRequestId("row-17");
        LumaClient own = first.WithOwnCancel();
        own.Dispose();
        named.Dispose();
        Equal("row-17", first.WithRequestId("row-17").TriggerWorkflow(Unlock()).RequestId);
        first.Dispose();
        True(result.TriggerId.Length > 0, "the result outlives its client");
        result.Dispose();
        Throws<ObjectDisposedException>(delegate { result.TriggerId.ToString(); });
        LumaTriggerRequest request = Unlock();
        request.Dispose();
        Throws<ObjectDisposedException>(delegate { request.SetVariable("a", "b"); });

        // A log callback without another reference is called, and collected with its client.
        WeakReference log = null;
        LumaClient logging = WithLog(out log);
        Collect();
        logging.TriggerWorkflow(Unlock());
        True(log.IsAlive, "the callback lives as long as its client");
        logging.Dispose();
        logging = null;
        Collect();
        True(!log.IsAlive, "and no longer");
        // Left for the exit of the process.
        abandoned = WithLog(out log);
        abandoned.WaitForWorkflowAsync(Patch(abandoned));
    }

    static LumaClient abandoned;

    [MethodImpl(MethodImplOptions.NoInlining)]
    static LumaClient WithLog(out WeakReference log)
    {
        // On a thread whose stack is gone afterwards: Mono scans stacks conservatively.
        LumaClient client = null;
        WeakReference weak = null;
        Thread thread = new Thread(delegate()
        {
            int[] lines = new int[1];
            Action<LumaLogLevel, string> callback = delegate { lines[0]++; };
            weak = new WeakReference(callback);
            client = new LumaClient(Url, Token, new LumaClientOptions { Log = callback });
        });
        thread.Start();
        thread.Join();
        log = weak;
        return client;
    }

    static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    static void Row18OncePerKey()
    {
        string folder = Path.Combine(WorkFolder, "journal-" + Guid.NewGuid());
        LumaJournalException missing = Throws<LumaJournalException>(delegate
        {
            LumaJournal.Open(folder);
        });
        Equal(LumaStatus.JournalFolder, missing.Status);
        LumaJournal.Create(folder, Url);
        using (LumaClient client = new LumaClient(Url, Token))
        using (LumaJournal journal = LumaJournal.Open(folder))
        {
            int before = Requests("unlock_account");
            LumaTrigger first = client.TriggerWorkflowOnce(journal, "INC1", Unlock());
            True(!first.AlreadyAccepted && first.JournalRecorded, "accepted now");
            LumaTrigger second = client.TriggerWorkflowOnceAsync(journal, "INC1", Unlock()).Result;
            Equal(first.TriggerId, second.TriggerId);
            True(second.AlreadyAccepted, "accepted before");
            Equal("LUMA_ALREADY_ACCEPTED", second.StatusName);
            Equal(first.JournalTime, second.JournalTime);
            LumaNotSentException other = Throws<LumaNotSentException>(delegate
            {
                client.TriggerWorkflowOnce(journal, "INC1", Unlock().SetVariable("reason", "x"));
            });
            Equal(LumaStatus.KeyOtherRequest, other.Status);
            client.TriggerWorkflowOnce(journal, "INC1",
                Unlock().SetVariable("reason", "x").ExcludeFromDigest("reason"));
            Equal(before + 1, Requests("unlock_account"));
            Equal(first.TriggerId, journal.Find("INC1").TriggerId);
            Equal("ACCEPTED", journal.Find("INC1").State);
            Equal(null, journal.Find("INC2"));

            before = Requests("fault-close-after-reading");
            using (LumaTriggerRequest lost = new LumaTriggerRequest("fault-close-after-reading"))
            {
                Throws<LumaUnknownException>(delegate
                {
                    client.TriggerWorkflowOnce(journal, "INC3", lost);
                });
                LumaUnknownException again = Throws<LumaUnknownException>(delegate
                {
                    client.TriggerWorkflowOnce(journal, "INC3", lost);
                });
                Equal(LumaStatus.KeyUnresolved, again.Status);
                Equal(before + 1, Requests("fault-close-after-reading"));
                IReadOnlyList<LumaJournalEntry> unfinished = journal.Unfinished();
                Equal(2, unfinished.Count);
                Equal("INC1 ACCEPTED", unfinished[0].ToString());
                Equal("INC3 UNKNOWN", unfinished[1].ToString());
                journal.Acknowledge("INC1");
                journal.Resolve("INC3", null, "J\u00fcrgen", "no run in the console");
                Equal("RELEASED", journal.Find("INC3").State);
                Equal(0, journal.Unfinished().Count);
                Equal(LumaStatus.KeyState, Throws<LumaJournalException>(delegate
                {
                    journal.Acknowledge("INC3");
                }).Status);
            }
            Throws<ArgumentException>(delegate { client.TriggerWorkflowOnce(journal, "a\0b", Unlock()); });
            journal.NewAttempt("INC1", "J", "opened again");
            True(!client.TriggerWorkflowOnce(journal, "INC1", Unlock()).AlreadyAccepted, "again");
            journal.Prune(TimeSpan.FromDays(1));
        }
    }

    static void Row30ErrorsOfAJournal()
    {
        string folder = Path.Combine(WorkFolder, "journal-" + Guid.NewGuid());
        LumaJournal.Create(folder, Url);
        using (LumaClient client = new LumaClient(Url, Token))
        using (LumaJournal journal = LumaJournal.Open(folder))
        {
            int before = Requests("unlock_account");
            LumaTrigger first = client.TriggerWorkflowOnce(journal, "INC1", Unlock());
            LumaTrigger second = client.TriggerWorkflowOnce(journal, "INC1", Unlock());
            True(second.AlreadyAccepted && second.JournalTime != null, "flag and time");
            Equal(first.JournalTime, second.JournalTime);
            Directory.Delete(folder, true);
            LumaException gone = Throws<LumaNotSentException>(delegate
            {
                client.TriggerWorkflowOnce(journal, "INC2", Unlock());
            });
            Equal(LumaStatus.JournalFolder, gone.Status);
            gone = Throws<LumaJournalException>(delegate { journal.Unfinished(); });
            Equal(LumaStatus.JournalFolder, gone.Status);
            True(!((LumaException)gone is LumaTriggerException), "not an error of a trigger");
            Equal(before + 1, Requests("unlock_account"));
        }
    }

    static void Row31LimitsOfArguments()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        using (LumaWaitSet set = client.NewWaitSet())
        {
            string id = client.TriggerWorkflow(new LumaTriggerRequest("patch_server")
                .SetVariable("hostName", "h")).TriggerId;
            foreach (TimeSpan past in new[] { TimeSpan.Zero, TimeSpan.FromTicks(-1), TimeSpan.MinValue })
            {
                Equal(LumaStatus.WaitTimeout, Throws<LumaWaitException>(delegate
                {
                    client.WaitForWorkflow(id, past);
                }).Status);
                True(set.Add(id, past), "added");
                LumaWaitEvent end;
                do
                    end = set.Next();
                while (!end.HasEnded);
                Equal(LumaStatus.WaitTimeout, end.Error.Status);
            }
            Throws<LumaArgumentException>(delegate { client.WaitForWorkflow(id, TimeSpan.MaxValue); });
            Throws<LumaArgumentException>(delegate { set.Add(id, TimeSpan.MaxValue); });
            using (CancellationTokenSource stop = new CancellationTokenSource(200))
                Throws<OperationCanceledException>(delegate
                {
                    client.WaitForWorkflow(id, Timeout.InfiniteTimeSpan, cancellationToken: stop.Token);
                });
            foreach (TimeSpan wrong in new[] { TimeSpan.Zero, TimeSpan.FromTicks(-1), TimeSpan.MaxValue })
            {
                Throws<LumaArgumentException>(delegate { client.WithTimeout(wrong); });
                Throws<LumaArgumentException>(delegate
                {
                    new LumaClient(Url, Token, new LumaClientOptions { Timeout = wrong });
                });
            }
            // A mistake in a request is no NotSent, because repeating it is useless.
            LumaException mistake = Throws<LumaArgumentException>(delegate
            {
                client.TriggerWorkflow(Unlock().SetInitiator(1, LumaApplication.Ism));
            });
            Equal(LumaStatus.TicketIdentifier, mistake.Status);
        }
    }

    static void Row19FlatMemory()
    {
        using (LumaClient client = new LumaClient(Url, Token))
        {
            Trigger(client, 1000);
            Collect();
            long before = ResidentKiB();
            for (int i = 0; i < 10; i++)
            {
                Http("DELETE", "/simulator/journal");
                Trigger(client, 1000);
                // Otherwise the managed heap may grow to what the machine has.
                Collect();
            }
            long grown = ResidentKiB() - before;
            True(grown < 4096, "grown by " + grown + " KiB");
        }
    }

    static void Trigger(LumaClient client, int times)
    {
        for (int i = 0; i < times; i++)
        {
            using (LumaTriggerRequest request = Unlock())
            using (LumaTrigger trigger = client.TriggerWorkflow(request))
                True(trigger.TriggerId.Length > 0, "accepted");
        }
    }

    static long ResidentKiB()
    {
        if (!File.Exists("/proc/self/status"))
            return Process.GetCurrentProcess().WorkingSet64 / 1024;
        return long.Parse(Regex.Match(File.ReadAllText("/proc/self/status"),
            @"VmRSS:\s*([0-9]+) kB").Groups[1].Value);
    }

    static void Row20Constants()
    {
        Assembly assembly = typeof(LumaClient).Assembly;
        Type methods = assembly.GetType("Luma.Automation.Native.Methods");
        int checkedOnes = 0;
        foreach (FieldInfo constant in assembly.GetType("Luma.Automation.Native.Constants").GetFields())
        {
            int value = (int)constant.GetRawConstantValue();
            string name = constant.Name, function = null, expected = name;
            if (name == "LUMA_OK" || name == "LUMA_ALREADY_ACCEPTED" || name.StartsWith("LUMA_ERROR_"))
                function = "luma_status_name";
            foreach (string group in new[] { "OUTCOME", "RUN", "LOG" })
            {
                if (!name.StartsWith("LUMA_" + group + "_"))
                    continue;
                function = group == "OUTCOME" ? "luma_outcome_name"
                    : group == "RUN" ? "luma_run_status_name" : "luma_log_level_name";
                expected = name == "LUMA_RUN_NONE" ? "" : name.Substring(group.Length + 6);
            }
            if (function == null)
                continue;
            Equal(expected, Native(methods, function, value));
            checkedOnes++;
        }
        True(checkedOnes > 90, checkedOnes + " constants");
    }

    static string Native(Type methods, string function, int value)
    {
        object pointer = methods.GetMethod(function).Invoke(null, new object[] { value });
        return System.Runtime.InteropServices.Marshal.PtrToStringAnsi((IntPtr)pointer);
    }

    static void Row21TokenProvider()
    {
        int asked = 0;
        byte[] last = null;
        Func<byte[]> provider = delegate
        {
            asked++;
            last = Encoding.ASCII.GetBytes(asked == 1 ? "wrong-token" : Token);
            return last;
        };
        using (LumaClient client = new LumaClient(Url, provider))
            Equal(LumaOutcome.Accepted, client.TriggerWorkflow(Unlock()).Outcome);
        Equal(2, asked);
        Equal(0, last[0]);
    }

    static void Row22HeadersAndSecretVariables()
    {
        const string password = "s3cr3t-J\u00fcrgen";
        StringBuilder log = new StringBuilder();
        LumaClientOptions options = new LumaClientOptions
        {
            LogLevel = LumaLogLevel.Debug,
            Log = delegate(LumaLogLevel level, string line) { log.AppendLine(line); }
        };
        options.Headers["X-Tenant"] = "t1";
        using (LumaClient client = new LumaClient(Url, Token, options))
        using (SecureString secure = new SecureString())
        using (LumaTriggerRequest request = Unlock())
        {
            foreach (char character in password)
                secure.AppendChar(character);
            LumaTrigger trigger = client.TriggerWorkflow(request.SetSecretVariable("password", secure));
            True(Journal("unlock_account").Contains(password), "the secret was sent");
            True(!trigger.Json.Contains(password) && !trigger.Message.Contains(password), "result");
            using (LumaTriggerRequest rejected = new LumaTriggerRequest("unlock_account"))
            {
                rejected.SetSecretVariable("password", password);
                LumaRejectedException error = Throws<LumaRejectedException>(delegate
                {
                    client.TriggerWorkflow(rejected);
                });
                True(!error.ToString().Contains(password) && !error.Result.Json.Contains(password),
                    "error");
            }
            True(!log.ToString().Contains(password), "log");
        }
        options.Headers["Host"] = "x";
        LumaArgumentException host = Throws<LumaArgumentException>(delegate
        {
            new LumaClient(Url, Token, options);
        });
        Equal("LUMA_ERROR_HEADER", host.StatusName);
        Equal(LumaOutcome.NotSent, host.Outcome);
    }

    static void Row23ConfigurationFile()
    {
        string file = Path.Combine(WorkFolder, "luma.json"), token = Path.Combine(WorkFolder, "token");
        WritePrivately(token, Token);
        WritePrivately(file, "{\"base_url\": \"" + Url + "\", \"token_file\": \"token\", "
            + "\"journal\": \"journal\", \"profiles\": {\"slow\": {\"timeout_ms\": 60000}}}");
        using (LumaClient client = LumaClient.FromFile(file, "slow",
            new LumaClientOptions { ApplicationId = "AcmeDesk/4.2" }))
        {
            Equal(LumaOutcome.Accepted, client.TriggerWorkflow(Unlock()).Outcome);
            Equal(Path.Combine(WorkFolder, "journal"), client.JournalFolder);
        }
        WritePrivately(file, "{\"base_url\": \"" + Url + "\", \"token_file\": \"token\", "
            + "\"timeout\": 1}");
        LumaArgumentException error = Throws<LumaArgumentException>(delegate
        {
            LumaClient.FromFile(file);
        });
        Equal("LUMA_ERROR_CONFIG_FILE", error.StatusName);
        True(error.Message.Contains("timeout") && error.Message.Contains("line 1"), error.Message);
        using (LumaClient client = LumaClient.FromEnvironment())
            Equal(LumaOutcome.Accepted, client.TriggerWorkflow(Unlock()).Outcome);
    }

    static void WritePrivately(string file, string content)
    {
        File.WriteAllText(file, content);
        if (Path.DirectorySeparatorChar == '/')
            Process.Start("chmod", "600 " + file).WaitForExit();
    }

    static void Row24Secrets()
    {
        string super = Environment.GetEnvironmentVariable("LUMA_SUPER_ADMIN_TOKEN");
        string tenant = Environment.GetEnvironmentVariable("LUMA_TENANT_EXTERNAL_ID");
        using (LumaClient client = new LumaClient(Url, Token))
        {
            string id = client.TriggerWorkflow(Unlock()).TriggerId;
            LumaLaunchUrl launch = client.GenerateLaunchUrl(id);
            string url = Encoding.UTF8.GetString(launch.GetLaunchUrl());
            True(url.StartsWith("http"), url);
            True(!launch.Json.Contains(url) && !launch.ToString().Contains(url), "launch URL");
            LumaAccessToken access = client.RegenerateTenantToken(super, tenant);
            string token = Encoding.ASCII.GetString(access.GetAccessToken());
            True(token.Length > 0 && !access.Json.Contains(token) && !access.Message.Contains(token),
                "token");
            client.SetAccessToken(token);
            Equal(LumaOutcome.Accepted, client.TriggerWorkflow(Unlock()).Outcome);
        }
    }

    static void Row25LibraryLookup()
    {
        string full = Environment.GetEnvironmentVariable("LUMA_LIBRARY");
        foreach (string path in new[] { "libluma.so.0", "./libluma.so.0" })
        {
            string output;
            Equal(3, Start(path, out output));
            True(output.Contains("LUMA_LIBRARY") && output.Contains("full path"), output);
        }
        string version;
        Equal(0, Start(full, out version));
        Equal(LumaClient.LibraryVersion, version.Trim());
        True(Start("/nonexistent/libluma.so.0", out version) == 3 && version.Contains("LUMA_LIBRARY"),
            version);
    }

    static int Start(string library, out string output)
    {
        string[] command = TestCommand.Split(' ');
        ProcessStartInfo info = new ProcessStartInfo(command[0],
            string.Join(" ", command, 1, command.Length - 1) + " version");
        info.UseShellExecute = false;
        info.RedirectStandardOutput = true;
        info.EnvironmentVariables["LUMA_LIBRARY"] = library;
        using (Process process = Process.Start(info))
        {
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
    }

    sealed class Progress : IProgress<LumaRun>
    {
        readonly Action<LumaRun> report;

        public Progress(Action<LumaRun> report)
        {
            this.report = report;
        }

        public void Report(LumaRun value)
        {
            report(value);
        }
    }

    static LumaTriggerRequest Unlock()
    {
        return new LumaTriggerRequest("unlock_account").SetVariable("userName", "jdoe");
    }

    static string Patch(LumaClient client)
    {
        using (LumaTriggerRequest request = new LumaTriggerRequest("patch_server"))
            return client.TriggerWorkflow(request.SetVariable("hostName", "h1")).TriggerId;
    }

    static string ClosedPort()
    {
        TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return "http://127.0.0.1:" + port;
    }

    static void EndsWithin(int milliseconds, Task task, Action end)
    {
        Stopwatch watch = Stopwatch.StartNew();
        end();
        while (!task.IsCompleted && watch.ElapsedMilliseconds < 5000)
            Thread.Sleep(1);
        True(watch.ElapsedMilliseconds <= milliseconds, "ended after " + watch.ElapsedMilliseconds + " ms");
    }

    static string Http(string method, string path)
    {
        using (WebClient http = new WebClient())
        {
            http.Encoding = Encoding.UTF8;
            return method == "GET" ? http.DownloadString(Url + path)
                : http.UploadString(Url + path, method, "");
        }
    }

    static void Advance(int milliseconds)
    {
        Http("POST", "/simulator/time?advanceMs=" + milliseconds);
    }

    static string Journal(string workflow)
    {
        return Http("GET", "/simulator/journal?workflowIdentifier=" + workflow);
    }

    static int Requests(string workflow)
    {
        return Regex.Matches(Journal(workflow), "\"method\":").Count;
    }

    static T Throws<T>(Action action) where T : Exception
    {
        try
        {
            action();
        }
        catch (T exception)
        {
            return exception;
        }
        catch (Exception exception)
        {
            throw new Exception("expected " + typeof(T).Name + ", got " + exception);
        }
        throw new Exception("expected " + typeof(T).Name + ", got no exception");
    }

    static void Same(object expected, object actual)
    {
        if (!ReferenceEquals(expected, actual))
            throw new Exception("not the same object: " + actual);
    }

    static void Equal<T>(T expected, T actual)
    {
        if (!Equals(expected, actual))
            throw new Exception("expected " + expected + ", got " + actual);
    }

    static void True(bool condition, string what)
    {
        if (!condition)
            throw new Exception("not true: " + what);
    }
}
