// The C# API of libluma. C# 5, so that Add-Type of Windows PowerShell accepts it. It needs nothing
// besides mscorlib, and Native.g.cs, which is generated from luma.h.
using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Luma.Automation.Native;

namespace Luma.Automation
{
    /// <summary>
    /// A client of one gateway. Any number of threads may use it at the same time.
    /// </summary>
    /// <remarks>
    /// <para>A trigger that is not accepted throws an exception of the type that belongs to its
    /// outcome: <see cref="LumaRejectedException"/>, <see cref="LumaNotSentException"/> or
    /// <see cref="LumaUnknownException"/>. Other calls throw <see cref="LumaCallException"/>, and
    /// waits <see cref="LumaWaitException"/>.</para>
    /// <para>Dispose ends the calls that are in progress and refuses later ones, except on a client
    /// from <see cref="WithRequestId"/> or <see cref="WithTimeout"/>, which shares its calls with
    /// another.</para>
    /// </remarks>
    public sealed class LumaClient : IDisposable
    {
        // The clients that share connections also share the limit of polls that block a thread.
        private readonly SemaphoreSlim polls;
        private readonly CancelScope scope;
        private readonly bool ownsScope;
        private readonly LumaClientHandle handle;
        private readonly string journalFolder;

        private delegate int NativeCall(out LumaResultHandle result);

        /// <summary>Creates a client. It does not connect yet.</summary>
        /// <param name="baseUrl">https://host[:port][/prefix], without /gateway/api/v1.</param>
        /// <param name="accessToken">The tenant's access token.</param>
        /// <param name="options">Further settings, or null. They are read once.</param>
        /// <exception cref="LumaArgumentException">An argument or a setting is invalid.</exception>
        public LumaClient(string baseUrl, string accessToken, LumaClientOptions options = null)
            : this(Secret.From(accessToken, "accessToken"), baseUrl, options, null)
        {
        }

        /// <summary>Creates a client. It does not connect yet.</summary>
        /// <param name="baseUrl">https://host[:port][/prefix], without /gateway/api/v1.</param>
        /// <param name="accessToken">The tenant's access token.</param>
        /// <param name="options">Further settings, or null. They are read once.</param>
        /// <exception cref="LumaArgumentException">An argument or a setting is invalid.</exception>
        public LumaClient(string baseUrl, SecureString accessToken, LumaClientOptions options = null)
            : this(Secret.From(accessToken, "accessToken"), baseUrl, options, null)
        {
        }

        /// <summary>Creates a client that asks for its access token. It does not connect
        /// yet.</summary>
        /// <param name="baseUrl">https://host[:port][/prefix], without /gateway/api/v1.</param>
        /// <param name="tokenProvider">Returns the current access token in UTF-8, such as one from
        /// a vault; null if there is none. Asked before the first call and after an HTTP 401, by
        /// several threads at once. The array is wiped. What it throws is the InnerException of the
        /// call's exception.</param>
        /// <param name="options">Further settings, or null. They are read once.</param>
        /// <exception cref="LumaArgumentException">An argument or a setting is invalid.</exception>
        public LumaClient(string baseUrl, Func<byte[]> tokenProvider, LumaClientOptions options = null)
            : this(Secret.From("not-used", "tokenProvider"), baseUrl, options,
                Require(tokenProvider, "tokenProvider"))
        {
        }

        private LumaClient(Secret accessToken, string baseUrl, LumaClientOptions options,
            Func<byte[]> tokenProvider)
            : this(NewConfig(accessToken, baseUrl), options, tokenProvider)
        {
        }

        private LumaClient(LumaConfigHandle config, LumaClientOptions options,
            Func<byte[]> tokenProvider)
        {
            using (config)
            {
                if (options != null)
                    options.Apply(config);
                if (tokenProvider != null)
                    Callbacks.SetTokenProvider(config, tokenProvider);
                journalFolder = LumaResult.Borrow(config,
                    delegate { return Methods.luma_config_journal_folder(config); });
                LumaResultHandle reason;
                int status = Methods.luma_client_new_with_reason(config, out handle, out reason);
                LumaArgumentException.ThrowIfFailed(status, reason);
            }
            polls = new SemaphoreSlim(16);
            scope = new CancelScope(null);
            ownsScope = true;
        }

        private LumaClient(LumaClient shared, LumaClientHandle handle, bool ownScope)
        {
            this.handle = handle;
            polls = shared.polls;
            journalFolder = shared.journalFolder;
            scope = ownScope ? new CancelScope(shared.scope) : shared.scope;
            ownsScope = ownScope;
        }

        /// <summary>Creates a client with the settings of a configuration file.</summary>
        /// <param name="path">The file, or null for the default one: the user's if it exists, else
        /// the machine's.</param>
        /// <param name="profile">The profile in the file, or null for the file's default.</param>
        /// <param name="options">Settings that replace those of the file, or null.</param>
        /// <exception cref="LumaArgumentException">The file cannot be used; the message has its
        /// line and key.</exception>
        public static LumaClient FromFile(string path = null, string profile = null,
            LumaClientOptions options = null)
        {
            LumaConfigHandle config;
            LumaResultHandle reason;
            int status = Methods.luma_config_new_from_file(Utf8.Bytes(path, "path"),
                Utf8.Bytes(profile, "profile"), out config, out reason);
            LumaArgumentException.ThrowIfFailed(status, reason);
            return new LumaClient(config, options, null);
        }

        /// <summary>
        /// Creates a client with the settings of the environment (LUMA_URL with LUMA_TOKEN or
        /// LUMA_TOKEN_FILE, or LUMA_PROFILE), and of the configuration file that it selects.
        /// </summary>
        /// <param name="options">Settings that replace those of the environment, or null.</param>
        /// <exception cref="LumaArgumentException">The settings cannot be used.</exception>
        public static LumaClient FromEnvironment(LumaClientOptions options = null)
        {
            LumaConfigHandle config;
            LumaResultHandle reason;
            int status = Methods.luma_config_new_from_environment(out config, out reason);
            LumaArgumentException.ThrowIfFailed(status, reason);
            return new LumaClient(config, options, null);
        }

        /// <summary>The version of the native library.</summary>
        public static string LibraryVersion
        {
            get { return Utf8.Text(Methods.luma_version()); }
        }

        /// <summary>
        /// The folder of the journal that the configuration file or LUMA_JOURNAL names, for
        /// <see cref="LumaJournal.Open"/>; "" if there is none.
        /// </summary>
        public string JournalFolder
        {
            get { return journalFolder; }
        }

        internal LumaClientHandle Handle
        {
            get { return handle; }
        }

        /// <summary>
        /// Creates a client with the same connections whose calls have another request id, which
        /// the gateway can log too. It shares its calls with this one: disposing it ends none.
        /// </summary>
        public LumaClient WithRequestId(string requestId)
        {
            LumaClientHandle derived;
            LumaArgumentException.ThrowIfFailed(Methods.luma_client_with_request_id(handle,
                Utf8.Required(requestId, "requestId"), out derived));
            return new LumaClient(this, derived, false);
        }

        /// <summary>
        /// Creates a client with the same connections whose calls have another timeout. It shares
        /// its calls with this one: disposing it ends none.
        /// </summary>
        public LumaClient WithTimeout(TimeSpan timeout)
        {
            LumaClientHandle derived;
            LumaArgumentException.ThrowIfFailed(Methods.luma_client_with_timeout_ms(handle,
                Time.Milliseconds(timeout), out derived));
            return new LumaClient(this, derived, false);
        }

        /// <summary>
        /// Creates a client with the same connections whose calls can be cancelled alone.
        /// Cancelling or disposing this one ends the calls of both. The asynchronous methods need
        /// it not: their CancellationToken ends one call alone.
        /// </summary>
        public LumaClient WithOwnCancel()
        {
            LumaClientHandle derived;
            LumaArgumentException.ThrowIfFailed(
                Methods.luma_client_with_own_cancel(handle, out derived));
            return new LumaClient(this, derived, true);
        }

        /// <summary>Replaces the access token of this client and those that share its
        /// connections.</summary>
        public void SetAccessToken(string accessToken)
        {
            SetAccessToken(Secret.From(accessToken, "accessToken"));
        }

        /// <summary>Replaces the access token of this client and those that share its
        /// connections.</summary>
        public void SetAccessToken(SecureString accessToken)
        {
            SetAccessToken(Secret.From(accessToken, "accessToken"));
        }

        private void SetAccessToken(Secret accessToken)
        {
            using (accessToken)
            {
                LumaResultHandle reason;
                int status = Methods.luma_client_set_access_token_with_reason(handle,
                    accessToken.Bytes, out reason);
                LumaArgumentException.ThrowIfFailed(status, reason);
            }
        }

        /// <summary>
        /// Cancels the calls and waits that are in progress. Each throws, with the status
        /// <see cref="LumaStatus.Cancelled"/>. Never ends a run. Later calls are not affected.
        /// </summary>
        public void Cancel()
        {
            Methods.luma_client_cancel(handle);
            scope.Pulse();
        }

        // For a CancellationToken: in older versions of .NET, a registration may be called while it is
        // being disposed.
        private void CancelUnlessDisposed()
        {
            try
            {
                Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The call has ended.
            }
        }

        /// <summary>
        /// Refuses new calls, lets those in progress end, and then closes the client: for stopping
        /// a service. Waits are cancelled at the end; only their polls are waited for.
        /// </summary>
        /// <param name="timeout">The longest time to wait. Then the remaining calls are
        /// cancelled.</param>
        /// <returns>True if all calls have ended in time.</returns>
        public bool Drain(TimeSpan timeout)
        {
            int status = Methods.luma_client_drain(handle, Time.Milliseconds(timeout));
            scope.Pulse();
            if (status == Constants.LUMA_ERROR_CANCELLED)
                return false;
            LumaArgumentException.ThrowIfFailed(status);
            return true;
        }

        /// <summary>As <see cref="Drain"/>, without blocking the caller.</summary>
        public Task<bool> DrainAsync(TimeSpan timeout)
        {
            return Task.Run(delegate { return Drain(timeout); });
        }

        /// <summary>Returns what this client and those that share its connections have done so far,
        /// for monitoring.</summary>
        public long GetCounter(LumaCounter counter)
        {
            return Methods.luma_client_counter(handle, (int)counter);
        }

        /// <summary>Ends the calls in progress, refuses later ones, and frees the client.</summary>
        public void Dispose()
        {
            if (ownsScope && !handle.IsClosed)
            {
                try
                {
                    Methods.luma_client_close(handle);
                }
                catch (ObjectDisposedException)
                {
                    // Another thread was faster.
                }
                scope.Pulse();
            }
            handle.Dispose();
        }

        /// <summary>Opens a connection ahead of time, and reports address, TLS version and the
        /// certificate's expiry.</summary>
        public LumaConnection Connect()
        {
            return Call(delegate(out LumaResultHandle result)
            {
                return Methods.luma_client_connect(handle, out result);
            }, LumaConnection.New);
        }

        /// <summary>As <see cref="Connect"/>, without blocking the caller.</summary>
        public Task<LumaConnection> ConnectAsync(
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Run(delegate(LumaClient client) { return client.Connect(); }, true,
                cancellationToken);
        }

        /// <summary>Triggers a workflow. Does not wait for its run.</summary>
        /// <param name="request">The workflow to run. It may be triggered again.</param>
        /// <exception cref="LumaRejectedException">Nothing runs.</exception>
        /// <exception cref="LumaNotSentException">Nothing runs, and a retry is safe.</exception>
        /// <exception cref="LumaUnknownException">The workflow may be running.</exception>
        public LumaTrigger TriggerWorkflow(LumaTriggerRequest request)
        {
            LumaTriggerRequestHandle native = Require(request, "request").Handle;
            return Call(delegate(out LumaResultHandle result)
            {
                return Methods.luma_trigger_workflow(handle, native, out result);
            }, LumaTrigger.New);
        }

        /// <summary>As <see cref="TriggerWorkflow"/>, without blocking the caller.</summary>
        /// <param name="request">The workflow to run. Do not change it before the task
        /// ends.</param>
        /// <param name="cancellationToken">Ends the call. OperationCanceledException means that
        /// nothing was sent; otherwise the call throws what it would throw without it.</param>
        public Task<LumaTrigger> TriggerWorkflowAsync(LumaTriggerRequest request,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            Require(request, "request");
            return Run(delegate(LumaClient client) { return client.TriggerWorkflow(request); },
                false, cancellationToken);
        }

        /// <summary>
        /// Triggers a workflow at most once per key. If the journal says that the key was accepted
        /// before, nothing is sent, and the result has the stored trigger id and
        /// <see cref="LumaTrigger.AlreadyAccepted"/>.
        /// </summary>
        /// <param name="journal">The journal that remembers the keys.</param>
        /// <param name="key">The caller's key, such as a ticket or an event id.</param>
        /// <param name="request">The workflow to run.</param>
        /// <exception cref="LumaUnknownException">The key is in progress elsewhere, or its outcome
        /// is unknown: see <see cref="LumaJournal.Resolve"/>.</exception>
        /// <exception cref="LumaNotSentException">Nothing was sent, also because the journal cannot
        /// be used, or because another request has this key.</exception>
        public LumaTrigger TriggerWorkflowOnce(LumaJournal journal, string key,
            LumaTriggerRequest request)
        {
            byte[] utf8 = Utf8.Required(key, "key");
            LumaJournalHandle opened = Require(journal, "journal").Handle;
            LumaTriggerRequestHandle native = Require(request, "request").Handle;
            return Call(delegate(out LumaResultHandle result)
            {
                return Methods.luma_trigger_workflow_once(handle, opened, utf8, native, out result);
            }, LumaTrigger.New);
        }

        /// <summary>As <see cref="TriggerWorkflowOnce"/>, without blocking the caller.</summary>
        public Task<LumaTrigger> TriggerWorkflowOnceAsync(LumaJournal journal, string key,
            LumaTriggerRequest request,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            Utf8.Required(key, "key");
            Require(journal, "journal");
            Require(request, "request");
            return Run(delegate(LumaClient client)
            {
                return client.TriggerWorkflowOnce(journal, key, request);
            }, false, cancellationToken);
        }

        /// <summary>
        /// Triggers a workflow at most once per key, as <see cref="TriggerWorkflowOnce"/>, if
        /// several machines trigger the same keys: a store of the caller, such as a table of a
        /// database, remembers what was sent.
        /// </summary>
        /// <param name="store">The store. Called on this thread. What it throws is the
        /// InnerException of the call's exception.</param>
        /// <param name="digestSecret">A random text that all these machines share and nobody else
        /// knows.</param>
        /// <param name="key">The caller's key, such as a ticket or an event id.</param>
        /// <param name="request">The workflow to run.</param>
        public LumaTrigger TriggerWorkflowOnceWithStore(ILumaStore store, string digestSecret, string key,
            LumaTriggerRequest request)
        {
            Require(store, "store");
            byte[] utf8 = Utf8.Required(key, "key");
            LumaTriggerRequestHandle native = Require(request, "request").Handle;
            using (Secret secret = Secret.From(digestSecret, "digestSecret"))
            {
                return Call(delegate(out LumaResultHandle result)
                {
                    return Callbacks.TriggerOnce(handle, store, secret.Bytes, utf8, native,
                        out result);
                }, LumaTrigger.New);
            }
        }

        /// <summary>Gets the status of a run.</summary>
        public LumaRun GetWorkflowHistory(string triggerId)
        {
            byte[] id = Utf8.Required(triggerId, "triggerId");
            return Call(delegate(out LumaResultHandle result)
            {
                return Methods.luma_get_workflow_history(handle, id, out result);
            }, LumaRun.For(triggerId));
        }

        /// <summary>As <see cref="GetWorkflowHistory"/>, without blocking the caller.</summary>
        public Task<LumaRun> GetWorkflowHistoryAsync(string triggerId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            Utf8.Required(triggerId, "triggerId");
            return Run(delegate(LumaClient client) { return client.GetWorkflowHistory(triggerId); },
                true, cancellationToken);
        }

        /// <summary>Waits until a run ends. Blocks the caller; see
        /// <see cref="WaitForWorkflowAsync"/>.</summary>
        public LumaRun WaitForWorkflow(string triggerId, TimeSpan? timeout = null,
            bool untilSuspended = false, IProgress<LumaRun> progress = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return WaitForWorkflowAsync(triggerId, timeout, untilSuspended, progress,
                cancellationToken).GetAwaiter().GetResult();
        }

        /// <summary>
        /// Waits until a run ends, also if it FAILED or was TERMINATED. Between two polls no thread
        /// is blocked.
        /// </summary>
        /// <param name="triggerId">The run, from <see cref="LumaTrigger.TriggerId"/>.</param>
        /// <param name="timeout">The longest time to wait; null or
        /// <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
        /// <param name="untilSuspended">True to end the wait also when the run is suspended,
        /// because a person may have to act.</param>
        /// <param name="progress">Receives the run after each poll that succeeded, or null.</param>
        /// <param name="cancellationToken">Ends this wait alone, within 50 ms. Never ends the
        /// run.</param>
        /// <exception cref="LumaWaitException">The wait timed out, or polling cannot
        /// succeed.</exception>
        /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
        public Task<LumaRun> WaitForWorkflowAsync(string triggerId, TimeSpan? timeout = null,
            bool untilSuspended = false, IProgress<LumaRun> progress = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            byte[] id = Utf8.Required(triggerId, "triggerId");
            long timeoutMs = Time.Limit(timeout);
            return Wait(id, triggerId, timeoutMs, untilSuspended, progress, cancellationToken);
        }

        /// <summary>Creates an empty set of waits, which follows many runs on one thread, or on a
        /// few.</summary>
        /// <param name="maxPollsPerSecond">The limit of the whole set: 1 to 1000. If there are too
        /// many runs for it, all are polled less often.</param>
        public LumaWaitSet NewWaitSet(int maxPollsPerSecond = 20)
        {
            LumaWaitSetHandle set;
            LumaArgumentException.ThrowIfFailed(Methods.luma_wait_set_new(handle, out set));
            LumaArgumentException.ThrowIfFailed(
                Methods.luma_wait_set_max_polls_per_second(set, maxPollsPerSecond));
            return new LumaWaitSet(set);
        }

        private async Task<LumaRun> Wait(byte[] id, string triggerId, long timeoutMs,
            bool untilSuspended, IProgress<LumaRun> progress, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using (LumaClient own = WithOwnCancel())
            using (LumaWaitHandle wait = own.NewWait(id, triggerId, timeoutMs, untilSuspended))
            using (cancellationToken.Register(own.CancelUnlessDisposed))
            {
                for (;;)
                {
                    await Pause(wait, own.scope, cancellationToken).ConfigureAwait(false);
                    await polls.WaitAsync(cancellationToken).ConfigureAwait(false);
                    Polled polled;
                    try
                    {
                        polled = await Task.Run(delegate { return Poll(wait, triggerId); })
                            .ConfigureAwait(false);
                    }
                    finally
                    {
                        polls.Release();
                    }
                    if (polled.Succeeded && progress != null)
                        progress.Report(polled.Run);
                    if (!polled.Ended)
                        continue;
                    if (polled.Thrown != null && (polled.Status == Constants.LUMA_OK
                        || polled.Status == Constants.LUMA_ERROR_WAIT_OPEN))
                        throw new LumaCallbackException(polled.Run, polled.Thrown);
                    if (polled.Status == Constants.LUMA_OK)
                        return polled.Run;
                    if (polled.Status == Constants.LUMA_ERROR_CANCELLED)
                        cancellationToken.ThrowIfCancellationRequested();
                    throw new LumaWaitException(polled.Run, polled.Thrown);
                }
            }
        }

        private struct Polled
        {
            public LumaRun Run;
            public int Status;
            public bool Succeeded;
            public bool Ended;
            public Exception Thrown;
        }

        private LumaWaitHandle NewWait(byte[] id, string triggerId, long timeoutMs,
            bool untilSuspended)
        {
            LumaWaitHandle wait;
            int status = Methods.luma_wait_new(handle, id, timeoutMs, out wait);
            if (status != Constants.LUMA_OK)
                throw new LumaArgumentException(status, null);
            if (untilSuspended)
                LumaArgumentException.ThrowIfFailed(Methods.luma_wait_set_until_suspended(wait, 1));
            return wait;
        }

        // Returns when the next poll is due, or when the scope was cancelled.
        private static async Task Pause(LumaWaitHandle wait, CancelScope scope,
            CancellationToken cancellationToken)
        {
            using (CancellationTokenSource either = scope.Link(cancellationToken))
            {
                long pause = Methods.luma_wait_next_poll_ms(wait);
                if (pause <= 0)
                    return;
                try
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(pause), either.Token)
                        .ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }

        private static Polled Poll(LumaWaitHandle wait, string triggerId)
        {
            Polled polled = new Polled();
            LumaResultHandle result;
            Exception outer = Callbacks.Begin();
            try
            {
                polled.Status = Methods.luma_wait_poll(wait, out result);
            }
            finally
            {
                polled.Thrown = Callbacks.End(outer);
            }
            polled.Run = new LumaRun(result, triggerId);
            polled.Succeeded = polled.Run.RunStatus != LumaRunStatus.None;
            polled.Ended = polled.Thrown != null || polled.Status != Constants.LUMA_ERROR_WAIT_OPEN;
            return polled;
        }

        /// <summary>Lists the steps of a run, at most 10,000.</summary>
        /// <param name="triggerId">The run.</param>
        /// <param name="filter">Such as <c>name=='Approve'</c>, or null for all.</param>
        /// <param name="orderBy">Such as <c>startTime desc</c>, or null.</param>
        /// <param name="skip">How many to skip.</param>
        /// <param name="top">How many to return at most; 0 for all.</param>
        public LumaSteps ListWorkflowSteps(string triggerId, string filter = null,
            string orderBy = null, long skip = 0, long top = 0)
        {
            byte[] id = Utf8.Required(triggerId, "triggerId");
            byte[] filterUtf8 = Utf8.Bytes(filter, "filter");
            byte[] orderByUtf8 = Utf8.Bytes(orderBy, "orderBy");
            return Call(delegate(out LumaResultHandle result)
            {
                return Methods.luma_list_workflow_steps(handle, id, filterUtf8, orderByUtf8, skip,
                    top, out result);
            }, LumaSteps.New);
        }

        /// <summary>As <see cref="ListWorkflowSteps"/>, without blocking the caller.</summary>
        public Task<LumaSteps> ListWorkflowStepsAsync(string triggerId, string filter = null,
            string orderBy = null, long skip = 0, long top = 0,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Run(delegate(LumaClient client)
            {
                return client.ListWorkflowSteps(triggerId, filter, orderBy, skip, top);
            }, true, cancellationToken);
        }

        /// <summary>Gets one step of a run. Its details are in <see cref="LumaStep.Result"/>, below
        /// <c>/resultData</c>.</summary>
        public LumaStep GetWorkflowStep(string triggerId, string stepId)
        {
            byte[] id = Utf8.Required(triggerId, "triggerId");
            byte[] step = Utf8.Required(stepId, "stepId");
            return Call(delegate(out LumaResultHandle result)
            {
                return Methods.luma_get_workflow_step(handle, id, step, out result);
            }, LumaSteps.New)[0];
        }

        /// <summary>As <see cref="GetWorkflowStep"/>, without blocking the caller.</summary>
        public Task<LumaStep> GetWorkflowStepAsync(string triggerId, string stepId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Run(delegate(LumaClient client)
            {
                return client.GetWorkflowStep(triggerId, stepId);
            }, true, cancellationToken);
        }

        /// <summary>Generates a URL that shows a run as a diagram in a browser.</summary>
        public LumaLaunchUrl GenerateLaunchUrl(string triggerId)
        {
            byte[] id = Utf8.Required(triggerId, "triggerId");
            return Call(delegate(out LumaResultHandle result)
            {
                return Methods.luma_generate_launch_url(handle, id, out result);
            }, LumaLaunchUrl.New);
        }

        /// <summary>As <see cref="GenerateLaunchUrl"/>, without blocking the caller.</summary>
        public Task<LumaLaunchUrl> GenerateLaunchUrlAsync(string triggerId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Run(delegate(LumaClient client) { return client.GenerateLaunchUrl(triggerId); },
                false, cancellationToken);
        }

        /// <summary>Lists the workflow definitions, at most 10,000.</summary>
        /// <param name="filter">Such as <c>identifier=='unlock_*'</c>, or null for all.</param>
        /// <param name="orderBy">Such as <c>name asc</c>, or null.</param>
        /// <param name="skip">How many to skip.</param>
        /// <param name="top">How many to return at most; 0 for all.</param>
        public LumaDefinitions ListWorkflowDefinitions(string filter = null, string orderBy = null,
            long skip = 0, long top = 0)
        {
            byte[] filterUtf8 = Utf8.Bytes(filter, "filter");
            byte[] orderByUtf8 = Utf8.Bytes(orderBy, "orderBy");
            return Call(delegate(out LumaResultHandle result)
            {
                return Methods.luma_list_workflow_definitions(handle, filterUtf8, orderByUtf8, skip,
                    top, out result);
            }, LumaDefinitions.New);
        }

        /// <summary>As <see cref="ListWorkflowDefinitions"/>, without blocking the
        /// caller.</summary>
        public Task<LumaDefinitions> ListWorkflowDefinitionsAsync(string filter = null,
            string orderBy = null, long skip = 0, long top = 0,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Run(delegate(LumaClient client)
            {
                return client.ListWorkflowDefinitions(filter, orderBy, skip, top);
            }, true, cancellationToken);
        }

        /// <summary>
        /// Generates a new access token for a tenant. The old one becomes invalid; this client does
        /// not use the new one, see <see cref="SetAccessToken(string)"/>.
        /// </summary>
        public LumaAccessToken RegenerateTenantToken(string superAdminToken, string tenantExternalId)
        {
            return RegenerateTenantToken(Secret.From(superAdminToken, "superAdminToken"),
                tenantExternalId);
        }

        /// <summary>
        /// Generates a new access token for a tenant. The old one becomes invalid; this client does
        /// not use the new one, see <see cref="SetAccessToken(SecureString)"/>.
        /// </summary>
        public LumaAccessToken RegenerateTenantToken(SecureString superAdminToken,
            string tenantExternalId)
        {
            return RegenerateTenantToken(Secret.From(superAdminToken, "superAdminToken"),
                tenantExternalId);
        }

        private LumaAccessToken RegenerateTenantToken(Secret superAdminToken,
            string tenantExternalId)
        {
            using (superAdminToken)
            {
                byte[] token = superAdminToken.Bytes;
                byte[] tenant = Utf8.Required(tenantExternalId, "tenantExternalId");
                return Call(delegate(out LumaResultHandle result)
                {
                    return Methods.luma_regenerate_tenant_token(handle, token, tenant, out result);
                }, LumaAccessToken.New);
            }
        }

        private static LumaConfigHandle NewConfig(Secret accessToken, string baseUrl)
        {
            using (accessToken)
            {
                LumaConfigHandle config;
                LumaResultHandle reason;
                int status = Methods.luma_config_new_with_reason(Utf8.Required(baseUrl, "baseUrl"),
                    accessToken.Bytes, out config, out reason);
                LumaArgumentException.ThrowIfFailed(status, reason);
                return config;
            }
        }

        private static T Require<T>(T argument, string name) where T : class
        {
            if (argument == null)
                throw new ArgumentNullException(name);
            return argument;
        }

        private static T Call<T>(NativeCall call, Func<LumaResultHandle, T> wrap)
            where T : LumaResult
        {
            LumaResultHandle native;
            Exception thrown;
            Exception outer = Callbacks.Begin();
            try
            {
                call(out native);
            }
            finally
            {
                thrown = Callbacks.End(outer);
            }
            T result = wrap(native);
            if (result.Status != LumaStatus.Ok && result.Status != LumaStatus.AlreadyAccepted)
                throw LumaException.From(result, thrown);
            if (thrown != null)
                throw new LumaCallbackException(result, thrown);
            return result;
        }

        // Runs a call on the thread pool, in a scope of its own if it can be cancelled.
        private Task<T> Run<T>(Func<LumaClient, T> call, bool isRead,
            CancellationToken cancellationToken)
        {
            return Task.Run(delegate
            {
                if (!cancellationToken.CanBeCanceled)
                    return call(this);
                using (LumaClient own = WithOwnCancel())
                using (cancellationToken.Register(own.CancelUnlessDisposed))
                {
                    try
                    {
                        return call(own);
                    }
                    catch (LumaException exception)
                    {
                        if (exception.Status == LumaStatus.Cancelled
                            && cancellationToken.IsCancellationRequested
                            && (isRead || exception.Outcome == LumaOutcome.NotSent))
                            throw new OperationCanceledException(exception.Message, exception,
                                cancellationToken);
                        throw;
                    }
                }
            }, cancellationToken);
        }
    }

    // Wakes waits that pause between two polls when their client is cancelled or closed.
    internal sealed class CancelScope
    {
        private readonly CancelScope parent;
        private CancellationTokenSource pulse = new CancellationTokenSource();

        internal CancelScope(CancelScope parent)
        {
            this.parent = parent;
        }

        internal void Pulse()
        {
            Interlocked.Exchange(ref pulse, new CancellationTokenSource()).Cancel();
        }

        internal CancellationTokenSource Link(CancellationToken cancellationToken)
        {
            List<CancellationToken> tokens = new List<CancellationToken> { cancellationToken };
            for (CancelScope scope = this; scope != null; scope = scope.parent)
                tokens.Add(Volatile.Read(ref scope.pulse).Token);
            return CancellationTokenSource.CreateLinkedTokenSource(tokens.ToArray());
        }
    }

    /// <summary>
    /// The settings of a client. A property that is null keeps the library's default, or the value
    /// of the configuration file.
    /// </summary>
    public sealed class LumaClientOptions
    {
        private readonly Dictionary<string, string> headers = new Dictionary<string, string>();

        /// <summary>Headers to add to every request. Their values are treated as secrets.</summary>
        public IDictionary<string, string> Headers
        {
            get { return headers; }
        }

        /// <summary>The header that carries the access token.</summary>
        public LumaAuthScheme? AuthScheme { get; set; }
        /// <summary>The longest time to open a connection.</summary>
        public TimeSpan? ConnectTimeout { get; set; }
        /// <summary>The longest time for a call, including connecting and retries.</summary>
        public TimeSpan? Timeout { get; set; }
        /// <summary>The largest response to accept.</summary>
        public long? MaxResponseBytes { get; set; }
        /// <summary>How long a connection may have been idle for a trigger to use it.</summary>
        public TimeSpan? TriggerMaxIdle { get; set; }
        /// <summary>How long a connection may have been idle for other calls to use it.</summary>
        public TimeSpan? ReadMaxIdle { get; set; }
        /// <summary>How many idle connections to keep.</summary>
        public long? MaxIdleConnections { get; set; }
        /// <summary>Whether safe retries are made. On by default.</summary>
        public bool? Retries { get; set; }
        /// <summary>Whether http:// is allowed for hosts other than loopback. Off by default: the
        /// token would be readable on the network.</summary>
        public bool? AllowHttp { get; set; }
        /// <summary>A PEM file of the only CA certificates to trust.</summary>
        public string CaFile { get; set; }
        /// <summary>The only CA certificates to trust, in PEM.</summary>
        public string CaPem { get; set; }
        /// <summary>A PEM file of CA certificates to trust besides the system's.</summary>
        public string AddCaFile { get; set; }
        /// <summary>CA certificates to trust besides the system's, in PEM.</summary>
        public string AddCaPem { get; set; }
        /// <summary>A PEM file with the client certificate and its chain; with
        /// <see cref="ClientKeyFile"/>.</summary>
        public string ClientCertificateFile { get; set; }
        /// <summary>A PEM file with the key of the client certificate.</summary>
        public string ClientKeyFile { get; set; }
        /// <summary>The client certificate and its chain in PEM; with
        /// <see cref="ClientKeyPem"/>.</summary>
        public string ClientCertificatePem { get; set; }
        /// <summary>The key of the client certificate in PEM.</summary>
        public string ClientKeyPem { get; set; }
        /// <summary>The proxy's URL, or "direct" for none. Default: the system's setting.</summary>
        public string Proxy { get; set; }
        /// <summary>Whether Windows may find the proxy, by detection or with a PAC script.
        /// Default: true.</summary>
        public bool? AutoProxy { get; set; }
        /// <summary>Names the application in the User-Agent, such as AcmeDesk/4.2.</summary>
        public string ApplicationId { get; set; }
        /// <summary>The most verbose level that is logged. Default: Info.</summary>
        public LumaLogLevel? LogLevel { get; set; }
        /// <summary>Receives each log line, on the thread of the call. If it throws, the call goes
        /// on and throws <see cref="LumaCallbackException"/> afterwards.</summary>
        public Action<LumaLogLevel, string> Log { get; set; }
        /// <summary>A file to append log lines to, instead of <see cref="Log"/>.</summary>
        public string LogFile { get; set; }
        /// <summary>Whether <see cref="LogFile"/> receives JSON lines.</summary>
        public bool LogFileIsJson { get; set; }

        internal void Apply(LumaConfigHandle c)
        {
            foreach (KeyValuePair<string, string> header in headers)
            {
                using (Secret value = Secret.From(header.Value, "Headers"))
                    Check(c, Methods.luma_config_add_header(c,
                        Utf8.Required(header.Key, "Headers"), value.Bytes));
            }
            if (AuthScheme != null)
                Check(c, Methods.luma_config_set_auth_scheme(c, (int)AuthScheme.Value));
            if (ConnectTimeout != null)
                Check(c, Methods.luma_config_set_connect_timeout_ms(c,
                    Time.Milliseconds(ConnectTimeout.Value)));
            if (Timeout != null)
                Check(c, Methods.luma_config_set_timeout_ms(c, Time.Milliseconds(Timeout.Value)));
            if (MaxResponseBytes != null)
                Check(c, Methods.luma_config_set_max_response_bytes(c, MaxResponseBytes.Value));
            if (TriggerMaxIdle != null)
                Check(c, Methods.luma_config_set_trigger_max_idle_ms(c,
                    Time.Milliseconds(TriggerMaxIdle.Value)));
            if (ReadMaxIdle != null)
                Check(c, Methods.luma_config_set_read_max_idle_ms(c,
                    Time.Milliseconds(ReadMaxIdle.Value)));
            if (MaxIdleConnections != null)
                Check(c, Methods.luma_config_set_max_idle_connections(c, MaxIdleConnections.Value));
            if (Retries != null)
                Check(c, Methods.luma_config_set_retries(c, Retries.Value ? 1 : 0));
            if (AllowHttp != null)
                Check(c, Methods.luma_config_set_allow_http(c, AllowHttp.Value ? 1 : 0));
            if (CaFile != null)
                Check(c, Methods.luma_config_set_ca_file(c, Utf8.Bytes(CaFile, "CaFile")));
            if (CaPem != null)
                Check(c, Methods.luma_config_set_ca_pem(c, Utf8.Bytes(CaPem, "CaPem")));
            if (AddCaFile != null)
                Check(c, Methods.luma_config_add_ca_file(c, Utf8.Bytes(AddCaFile, "AddCaFile")));
            if (AddCaPem != null)
                Check(c, Methods.luma_config_add_ca_pem(c, Utf8.Bytes(AddCaPem, "AddCaPem")));
            if (ClientCertificateFile != null || ClientKeyFile != null)
                Check(c, Methods.luma_config_set_client_certificate_file(c,
                    Utf8.Required(ClientCertificateFile, "ClientCertificateFile"),
                    Utf8.Required(ClientKeyFile, "ClientKeyFile")));
            if (ClientCertificatePem != null || ClientKeyPem != null)
            {
                using (Secret key = Secret.From(ClientKeyPem, "ClientKeyPem"))
                    Check(c, Methods.luma_config_set_client_certificate_pem(c,
                        Utf8.Required(ClientCertificatePem, "ClientCertificatePem"), key.Bytes));
            }
            if (Proxy != null)
            {
                using (Secret url = Secret.From(Proxy, "Proxy"))
                    Check(c, Methods.luma_config_set_proxy(c, url.Bytes));
            }
            if (AutoProxy != null)
                Check(c, Methods.luma_config_set_auto_proxy(c, AutoProxy.Value ? 1 : 0));
            if (ApplicationId != null)
                Check(c, Methods.luma_config_set_application_id(c,
                    Utf8.Bytes(ApplicationId, "ApplicationId")));
            int level = (int)(LogLevel ?? LumaLogLevel.Info);
            if (LogFile != null && LogFileIsJson)
                Check(c, Methods.luma_config_log_to_json_file(c, level,
                    Utf8.Bytes(LogFile, "LogFile")));
            else if (LogFile != null)
                Check(c, Methods.luma_config_log_to_file(c, level, Utf8.Bytes(LogFile, "LogFile")));
            if (Log != null)
                Check(c, Callbacks.SetLog(c, level, Log));
        }

        internal static void Check(LumaConfigHandle config, int status)
        {
            if (status != Constants.LUMA_OK)
                throw new LumaArgumentException(status, LumaResult.Borrow(config,
                    delegate { return Methods.luma_config_message(config); }));
        }
    }

    /// <summary>
    /// A workflow to run, with its variables and its initiator. Used by one thread at a time. Each
    /// method returns the request, and leaves it unchanged if it throws
    /// <see cref="LumaArgumentException"/>.
    /// </summary>
    public sealed class LumaTriggerRequest : IDisposable
    {
        private readonly LumaTriggerRequestHandle handle;

        /// <summary>Creates a request for a workflow.</summary>
        /// <param name="workflowIdentifier">The identifier or the name of the workflow
        /// definition.</param>
        public LumaTriggerRequest(string workflowIdentifier)
        {
            LumaResultHandle reason;
            int status = Methods.luma_trigger_request_new_with_reason(
                Utf8.Required(workflowIdentifier, "workflowIdentifier"), out handle, out reason);
            LumaArgumentException.ThrowIfFailed(status, reason);
        }

        internal LumaTriggerRequestHandle Handle
        {
            get { return handle; }
        }

        /// <summary>Sets a variable to a text, or replaces it.</summary>
        public LumaTriggerRequest SetVariable(string name, string value)
        {
            return Check(Methods.luma_trigger_request_set_variable(handle,
                Utf8.Required(name, "name"), Utf8.Required(value, "value")));
        }

        /// <summary>Sets a variable to an integer, or replaces it. Every digit is sent.</summary>
        public LumaTriggerRequest SetVariable(string name, long value)
        {
            return Check(Methods.luma_trigger_request_set_variable_int64(handle,
                Utf8.Required(name, "name"), value));
        }

        /// <summary>Sets a variable to a floating-point number, or replaces it.</summary>
        public LumaTriggerRequest SetVariable(string name, double value)
        {
            return Check(Methods.luma_trigger_request_set_variable_double(handle,
                Utf8.Required(name, "name"), value));
        }

        /// <summary>Sets a variable to true or false, or replaces it.</summary>
        public LumaTriggerRequest SetVariable(string name, bool value)
        {
            return Check(Methods.luma_trigger_request_set_variable_bool(handle,
                Utf8.Required(name, "name"), value ? 1 : 0));
        }

        /// <summary>Sets a variable to any JSON value, or replaces it.</summary>
        public LumaTriggerRequest SetVariableJson(string name, string json)
        {
            return Check(Methods.luma_trigger_request_set_variable_json(handle,
                Utf8.Required(name, "name"), Utf8.Required(json, "json")));
        }

        /// <summary>Sets all members of a JSON object as variables.</summary>
        public LumaTriggerRequest SetVariablesJson(string jsonObject)
        {
            return Check(Methods.luma_trigger_request_set_variables_json(handle,
                Utf8.Required(jsonObject, "jsonObject")));
        }

        /// <summary>Sets a variable that appears in no message, log line or result.</summary>
        public LumaTriggerRequest SetSecretVariable(string name, string value)
        {
            return SetSecretVariable(name, Secret.From(value, "value"));
        }

        /// <summary>Sets a variable that appears in no message, log line or result.</summary>
        public LumaTriggerRequest SetSecretVariable(string name, SecureString value)
        {
            return SetSecretVariable(name, Secret.From(value, "value"));
        }

        private LumaTriggerRequest SetSecretVariable(string name, Secret value)
        {
            using (value)
                return Check(Methods.luma_trigger_request_set_secret_variable(handle,
                    Utf8.Required(name, "name"), value.Bytes));
        }

        /// <summary>Leaves a variable out when <see cref="LumaClient.TriggerWorkflowOnce"/>
        /// compares the request with an earlier one of the same key, such as a time.</summary>
        public LumaTriggerRequest ExcludeFromDigest(string name)
        {
            return Check(Methods.luma_trigger_request_exclude_from_digest(handle,
                Utf8.Required(name, "name")));
        }

        /// <summary>Sets who runs the workflow.</summary>
        /// <param name="contactId">The contact's id in the application.</param>
        /// <param name="applicationId">One of <see cref="LumaApplication"/>, or another
        /// application's id.</param>
        public LumaTriggerRequest SetInitiator(long contactId, long applicationId)
        {
            return Check(Methods.luma_trigger_request_set_initiator(handle, contactId,
                applicationId));
        }

        /// <summary>Sets who runs the workflow.</summary>
        public LumaTriggerRequest SetInitiator(long contactId, LumaApplication application)
        {
            return SetInitiator(contactId, (long)application);
        }

        /// <summary>Adds what the application requires, such as a
        /// <c>ticketIdentifier</c>.</summary>
        public LumaTriggerRequest SetInitiationInfo(string key, string value)
        {
            return Check(Methods.luma_trigger_request_set_initiation_info(handle,
                Utf8.Required(key, "key"), Utf8.Required(value, "value")));
        }

        /// <summary>Frees the request.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }

        private LumaTriggerRequest Check(int status)
        {
            if (status != Constants.LUMA_OK)
                throw new LumaArgumentException(status, LumaResult.Borrow(handle,
                    delegate { return Methods.luma_trigger_request_message(handle); }));
            return this;
        }
    }

    /// <summary>
    /// Follows many runs on one thread, or on a few; from <see cref="LumaClient.NewWaitSet"/>. Any
    /// number of threads may use it at the same time.
    /// </summary>
    public sealed class LumaWaitSet : IDisposable
    {
        private readonly LumaWaitSetHandle handle;

        internal LumaWaitSet(LumaWaitSetHandle handle)
        {
            this.handle = handle;
        }

        /// <summary>The number of runs in the set.</summary>
        public int Count
        {
            get { return (int)Methods.luma_wait_set_count(handle); }
        }

        /// <summary>Adds a run, whose first poll is due at once. Returns false if it is in the set
        /// already.</summary>
        /// <param name="triggerId">The run, from <see cref="LumaTrigger.TriggerId"/>.</param>
        /// <param name="timeout">The longest time to wait for it, or null for no limit.</param>
        public bool Add(string triggerId, TimeSpan? timeout = null)
        {
            int status = Methods.luma_wait_set_add(handle, Utf8.Required(triggerId, "triggerId"),
                Time.Limit(timeout), IntPtr.Zero);
            if (status == Constants.LUMA_ERROR_ALREADY_IN_SET)
                return false;
            LumaArgumentException.ThrowIfFailed(status);
            return true;
        }

        /// <summary>Removes a run, which is not affected. Returns false if it is not in the set,
        /// for example because its wait has ended.</summary>
        public bool Remove(string triggerId)
        {
            int status = Methods.luma_wait_set_remove(handle, Utf8.Required(triggerId, "triggerId"));
            if (status == Constants.LUMA_ERROR_NOT_IN_SET)
                return false;
            LumaArgumentException.ThrowIfFailed(status);
            return true;
        }

        /// <summary>
        /// Waits for the next event: a new status of a run, or the end of its wait. Each event is
        /// returned to one thread.
        /// </summary>
        /// <param name="timeout">How long to wait, or null for no limit.</param>
        /// <returns>Null if there was none: the timeout is over, the set is empty, or
        /// <see cref="Wake"/> was called.</returns>
        /// <exception cref="LumaCallException">The client was cancelled or disposed.</exception>
        /// <exception cref="ObjectDisposedException">The set was disposed.</exception>
        public LumaWaitEvent Next(TimeSpan? timeout = null)
        {
            long timeoutMs = timeout == null || timeout == Timeout.InfiniteTimeSpan ? -1
                : Math.Max(0, Time.Milliseconds(timeout.Value));
            LumaResultHandle native;
            IntPtr userData;
            int status;
            Exception thrown;
            Exception outer = Callbacks.Begin();
            try
            {
                status = Methods.luma_wait_set_next(handle, timeoutMs, out native, out userData);
            }
            finally
            {
                thrown = Callbacks.End(outer);
            }
            LumaRun run = new LumaRun(native, "");
            string triggerId = run.Text(Methods.luma_result_trigger_id);
            bool succeeded = status == Constants.LUMA_OK
                || status == Constants.LUMA_ERROR_WAIT_OPEN;
            if (succeeded && thrown != null)
                throw new LumaCallbackException(run, thrown);
            if (succeeded || triggerId.Length > 0)
            {
                run = new LumaRun(native, triggerId);
                return new LumaWaitEvent(run, status != Constants.LUMA_ERROR_WAIT_OPEN,
                    succeeded ? null : new LumaWaitException(run, thrown));
            }
            switch (status)
            {
                case Constants.LUMA_ERROR_NOTHING_CHANGED:
                case Constants.LUMA_ERROR_WOKEN:
                case Constants.LUMA_ERROR_SET_EMPTY:
                    run.Dispose();
                    return null;
                case Constants.LUMA_ERROR_SET_CLOSED:
                    throw new ObjectDisposedException("LumaWaitSet");
                case Constants.LUMA_ERROR_TIMEOUT_RANGE:
                    throw new LumaArgumentException(status, null);
                case Constants.LUMA_ERROR_CANCELLED:
                    throw new LumaCallException(run, thrown);
                default:
                    return new LumaWaitEvent(run, false, new LumaCallException(run, thrown));
            }
        }

        /// <summary>As <see cref="Next"/>, on a thread of the thread pool. The token ends it after
        /// a poll that it is making; no event is lost.</summary>
        public Task<LumaWaitEvent> NextAsync(TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Task.Run(delegate
            {
                using (cancellationToken.Register(WakeUnlessDisposed))
                {
                    LumaWaitEvent found = Next(timeout);
                    if (found == null)
                        cancellationToken.ThrowIfCancellationRequested();
                    return found;
                }
            }, cancellationToken);
        }

        /// <summary>Ends the calls of <see cref="Next"/> in progress, or else the next one. A poll
        /// that has begun is completed.</summary>
        public void Wake()
        {
            Methods.luma_wait_set_wake(handle);
        }

        private void WakeUnlessDisposed()
        {
            try
            {
                Wake();
            }
            catch (ObjectDisposedException)
            {
                // The call ends anyway.
            }
        }

        /// <summary>Ends the calls in progress within 50 ms, and frees the set. The runs are not
        /// affected.</summary>
        public void Dispose()
        {
            try
            {
                Methods.luma_wait_set_close(handle);
            }
            catch (ObjectDisposedException)
            {
                // It was disposed before.
            }
            handle.Dispose();
        }
    }

    /// <summary>What has changed in a set of waits.</summary>
    public sealed class LumaWaitEvent
    {
        internal LumaWaitEvent(LumaRun run, bool hasEnded, LumaCallException error)
        {
            TriggerId = run.TriggerId;
            Run = run;
            HasEnded = hasEnded;
            Error = error;
        }

        /// <summary>The run; "" if the gateway cannot be polled. Then <see cref="Error"/> says why,
        /// and the set continues when it can.</summary>
        public string TriggerId { get; private set; }
        /// <summary>The last state seen.</summary>
        public LumaRun Run { get; private set; }
        /// <summary>True if the run is no longer in the set.</summary>
        public bool HasEnded { get; private set; }
        /// <summary>Why the wait ended before its run: a <see cref="LumaWaitException"/>, which is
        /// not thrown; else null.</summary>
        public LumaCallException Error { get; private set; }
    }

    /// <summary>
    /// Remembers for several machines what was sent. The promise of
    /// <see cref="LumaClient.TriggerWorkflowOnceWithStore"/> is as good as the store: a claim must
    /// be atomic, and durable when the method returns.
    /// </summary>
    public interface ILumaStore
    {
        /// <summary>In one transaction, reads what is stored for the key; if that is nothing,
        /// REJECTED or NOT_SENT, stores the intent and grants it. If it throws, nothing is
        /// sent.</summary>
        /// <param name="key">The key.</param>
        /// <param name="digest">A digest of the request. Equal requests have equal digests.</param>
        /// <param name="intentJson">What to keep for people.</param>
        LumaClaim Claim(string key, string digest, string intentJson);

        /// <summary>Stores the outcome of a claim that was granted.</summary>
        /// <param name="key">The key.</param>
        /// <param name="outcome">The outcome.</param>
        /// <param name="triggerId">The trigger id if it is ACCEPTED, else "".</param>
        void Complete(string key, LumaOutcome outcome, string triggerId);
    }

    /// <summary>What a store says about a key.</summary>
    public sealed class LumaClaim
    {
        /// <summary>The claim is durable: send the request.</summary>
        public static readonly LumaClaim Granted = new LumaClaim(Constants.LUMA_CLAIM_GRANTED, null);
        /// <summary>Another call has claimed the key and not completed it yet.</summary>
        public static readonly LumaClaim InProgress =
            new LumaClaim(Constants.LUMA_CLAIM_IN_PROGRESS, null);
        /// <summary>The outcome of a claim is UNKNOWN, or it was never completed.</summary>
        public static readonly LumaClaim Unresolved =
            new LumaClaim(Constants.LUMA_CLAIM_UNRESOLVED, null);
        /// <summary>The key was claimed with another digest, and its outcome is not REJECTED or
        /// NOT_SENT.</summary>
        public static readonly LumaClaim OtherRequest =
            new LumaClaim(Constants.LUMA_CLAIM_OTHER_REQUEST, null);

        internal readonly int Number;
        internal readonly byte[] TriggerId;

        private LumaClaim(int number, byte[] triggerId)
        {
            Number = number;
            TriggerId = triggerId;
        }

        /// <summary>A request with the same digest was accepted, with this trigger id.</summary>
        public static LumaClaim Accepted(string triggerId)
        {
            return new LumaClaim(Constants.LUMA_CLAIM_ACCEPTED,
                Utf8.Required(triggerId, "triggerId"));
        }
    }

    /// <summary>
    /// A folder that remembers which keys were triggered, for
    /// <see cref="LumaClient.TriggerWorkflowOnce"/>. Any number of threads and processes of this
    /// machine may use it.
    /// </summary>
    public sealed class LumaJournal : IDisposable
    {
        private readonly LumaJournalHandle handle;

        private delegate int NativeCall(out LumaResultHandle result);

        private LumaJournal(LumaJournalHandle handle)
        {
            this.handle = handle;
        }

        internal LumaJournalHandle Handle
        {
            get { return handle; }
        }

        /// <summary>Creates a journal, once, when a program is installed.</summary>
        /// <param name="folder">A folder on a disk of this machine. It must be empty or not
        /// exist.</param>
        /// <param name="baseUrl">The gateway that the journal is for.</param>
        /// <exception cref="LumaJournalException">It cannot be created, or exists.</exception>
        public static void Create(string folder, string baseUrl)
        {
            LumaResultHandle reason;
            Check(Methods.luma_journal_create(Utf8.Required(folder, "folder"),
                Utf8.Required(baseUrl, "baseUrl"), out reason), reason);
        }

        /// <summary>Opens a journal. Never creates one.</summary>
        /// <exception cref="LumaJournalException">There is none, or it cannot be read.</exception>
        public static LumaJournal Open(string folder)
        {
            LumaJournalHandle handle;
            LumaResultHandle reason;
            Check(Methods.luma_journal_open(Utf8.Required(folder, "folder"), out handle, out reason),
                reason);
            return new LumaJournal(handle);
        }

        /// <summary>Returns what is known about a key, such as which run belongs to a ticket; null
        /// if nothing is.</summary>
        public LumaJournalEntry Find(string key)
        {
            byte[] utf8 = Utf8.Required(key, "key");
            LumaResultHandle native;
            int status = Methods.luma_journal_find(handle, utf8, out native);
            LumaResult result = new LumaResult(native);
            if (status == Constants.LUMA_ERROR_KEY_NOT_FOUND)
            {
                result.Dispose();
                return null;
            }
            if (status != Constants.LUMA_OK)
                throw new LumaJournalException(result, null);
            return new LumaJournalEntry(result, "");
        }

        /// <summary>
        /// Lists the keys that somebody has to look at, oldest first: those whose outcome is
        /// unknown, and accepted ones that are not acknowledged.
        /// </summary>
        public IReadOnlyList<LumaJournalEntry> Unfinished()
        {
            using (LumaResult result = Call(delegate(out LumaResultHandle native)
            {
                return Methods.luma_journal_unfinished(handle, out native);
            }))
            {
                return result.Items(Methods.luma_result_journal_count, delegate(UIntPtr index)
                {
                    return new LumaJournalEntry(result, "/entries/" + index);
                });
            }
        }

        /// <summary>Records that the end of an accepted run was seen.</summary>
        public LumaJournalEntry Acknowledge(string key)
        {
            byte[] utf8 = Utf8.Required(key, "key");
            return Entry(delegate(out LumaResultHandle result)
            {
                return Methods.luma_journal_acknowledge(handle, utf8, out result);
            });
        }

        /// <summary>Settles a key whose outcome is unknown, after a person has looked.</summary>
        /// <param name="key">The key.</param>
        /// <param name="triggerId">The run that was found; null if there certainly is none, so that
        /// the next call with the key sends.</param>
        /// <param name="who">Who looked. Kept in the journal.</param>
        /// <param name="reason">How it was found out. Kept in the journal.</param>
        public LumaJournalEntry Resolve(string key, string triggerId, string who, string reason)
        {
            byte[] utf8 = Utf8.Required(key, "key");
            byte[] id = Utf8.Bytes(triggerId, "triggerId");
            byte[] whoUtf8 = Utf8.Required(who, "who");
            byte[] reasonUtf8 = Utf8.Required(reason, "reason");
            return Entry(delegate(out LumaResultHandle result)
            {
                return Methods.luma_journal_resolve(handle, utf8, id, whoUtf8, reasonUtf8,
                    out result);
            });
        }

        /// <summary>Allows one more run for an accepted key: its ticket was opened again, or the
        /// run failed.</summary>
        /// <param name="key">The key.</param>
        /// <param name="who">Who allows it. Kept in the journal.</param>
        /// <param name="reason">Why. Kept in the journal.</param>
        public LumaJournalEntry NewAttempt(string key, string who, string reason)
        {
            byte[] utf8 = Utf8.Required(key, "key");
            byte[] whoUtf8 = Utf8.Required(who, "who");
            byte[] reasonUtf8 = Utf8.Required(reason, "reason");
            return Entry(delegate(out LumaResultHandle result)
            {
                return Methods.luma_journal_new_attempt(handle, utf8, whoUtf8, reasonUtf8,
                    out result);
            });
        }

        /// <summary>Removes finished keys whose last event is older, and returns their
        /// number.</summary>
        public int Prune(TimeSpan olderThan)
        {
            using (LumaResult result = Call(delegate(out LumaResultHandle native)
            {
                return Methods.luma_journal_prune(handle, Time.Milliseconds(olderThan), out native);
            }))
            {
                return (int)Methods.luma_result_journal_count(result.Handle);
            }
        }

        /// <summary>Frees the journal. The folder stays.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }

        private static LumaJournalEntry Entry(NativeCall call)
        {
            return new LumaJournalEntry(Call(call), "");
        }

        private static LumaResult Call(NativeCall call)
        {
            LumaResultHandle native;
            int status = call(out native);
            LumaResult result = new LumaResult(native);
            if (status != Constants.LUMA_OK)
                throw new LumaJournalException(result, null);
            return result;
        }

        private static void Check(int status, LumaResultHandle reason)
        {
            if (status != Constants.LUMA_OK)
                throw reason.IsInvalid ? new LumaJournalException(status)
                    : new LumaJournalException(new LumaResult(reason), null);
        }
    }

    /// <summary>What a journal knows about a key.</summary>
    public sealed class LumaJournalEntry
    {
        internal LumaJournalEntry(LumaResult result, string pointer)
        {
            Key = result.GetText(pointer + "/key");
            State = result.GetText(pointer + "/state");
            TriggerId = result.GetText(pointer + "/triggerId");
            Workflow = result.GetText(pointer + "/workflow");
            RequestId = result.GetText(pointer + "/requestId");
            if (result.GetJsonType(pointer + "/time") == LumaJsonType.Number)
                When = Time.Point(result.GetInt64(pointer + "/time"));
            if (result.GetJsonType(pointer + "/attempt") == LumaJsonType.Number)
                Attempt = (int)result.GetInt64(pointer + "/attempt");
            Acknowledged = result.GetText(pointer + "/acknowledged") == "true";
            Json = result.GetText(pointer);
        }

        /// <summary>The key.</summary>
        public string Key { get; private set; }
        /// <summary>ACCEPTED, REJECTED, NOT_SENT, UNKNOWN, IN_PROGRESS, RELEASED (a person found no
        /// run, or allowed a new attempt), or DAMAGED (the file cannot be read).</summary>
        public string State { get; private set; }
        /// <summary>The run, or null.</summary>
        public string TriggerId { get; private set; }
        /// <summary>When the key reached its state.</summary>
        public DateTimeOffset? When { get; private set; }
        /// <summary>The workflow.</summary>
        public string Workflow { get; private set; }
        /// <summary>The id of the request in the logs of both sides.</summary>
        public string RequestId { get; private set; }
        /// <summary>The number of the attempt.</summary>
        public int Attempt { get; private set; }
        /// <summary>Whether the end of the run was seen, see
        /// <see cref="LumaJournal.Acknowledge"/>.</summary>
        public bool Acknowledged { get; private set; }
        /// <summary>All that is known, also the history, as JSON.</summary>
        public string Json { get; private set; }

        /// <summary>Returns key and state.</summary>
        public override string ToString()
        {
            return Key + " " + State;
        }
    }

    /// <summary>
    /// The result of a call: what is certain, and what the gateway responded. Any number of threads
    /// may read it. It outlives its client. Disposing it early saves memory, but is not required.
    /// </summary>
    public class LumaResult : IDisposable
    {
        private readonly LumaResultHandle handle;

        internal LumaResult(LumaResultHandle handle)
        {
            this.handle = handle;
        }

        internal LumaResultHandle Handle
        {
            get { return handle; }
        }

        /// <summary>What is certain about the request.</summary>
        public LumaOutcome Outcome
        {
            get { return (LumaOutcome)Methods.luma_result_outcome(handle); }
        }

        /// <summary>Why.</summary>
        public LumaStatus Status
        {
            get { return (LumaStatus)Methods.luma_result_status(handle); }
        }

        /// <summary>The name of the status, such as LUMA_ERROR_CONNECT.</summary>
        public string StatusName
        {
            get { return Utf8.Text(Methods.luma_status_name((int)Status)); }
        }

        /// <summary>For an incomplete list, why the last page failed.</summary>
        public LumaStatus PageStatus
        {
            get { return (LumaStatus)Methods.luma_result_page_status(handle); }
        }

        /// <summary>The HTTP status, or 0.</summary>
        public int HttpStatus
        {
            get { return Methods.luma_result_http_status(handle); }
        }

        /// <summary>What happened, for a log: one line, without secrets.</summary>
        public string Message
        {
            get { return Text(Methods.luma_result_message); }
        }

        /// <summary>The gateway's reasons for a refusal.</summary>
        public IReadOnlyList<string> Reasons
        {
            get
            {
                return Items(Methods.luma_result_error_count, delegate(UIntPtr index)
                {
                    return Text(Methods.luma_result_error, index);
                });
            }
        }

        /// <summary>How long the gateway asks to wait before a retry, or null.</summary>
        public TimeSpan? RetryAfter
        {
            get { return Time.Span(Methods.luma_result_retry_after_ms(handle)); }
        }

        /// <summary>The id of the call in the logs of both sides.</summary>
        public string RequestId
        {
            get { return Text(Methods.luma_result_request_id); }
        }

        /// <summary>The number of requests that the call attempted.</summary>
        public int Attempts
        {
            get { return Methods.luma_result_attempts(handle); }
        }

        /// <summary>Whether the last request used an open connection.</summary>
        public bool ConnectionReused
        {
            get { return Methods.luma_result_connection_reused(handle) != 0; }
        }

        /// <summary>The JSON of the response, or "". Secrets in it are masked.</summary>
        public string Json
        {
            get { return Text(Methods.luma_result_json); }
        }

        /// <summary>Returns how long a part of the call took, or null if it did not
        /// happen.</summary>
        public TimeSpan? GetTiming(LumaTiming part)
        {
            long microseconds = Methods.luma_result_timing_us(handle, (int)part);
            return microseconds < 0 ? null : (TimeSpan?)TimeSpan.FromTicks(microseconds * 10);
        }

        /// <summary>Returns the type of a value in the response.</summary>
        /// <param name="jsonPointer">A JSON pointer (RFC 6901), such as
        /// <c>/resultData/executionConfig/name</c>.</param>
        public LumaJsonType GetJsonType(string jsonPointer)
        {
            return (LumaJsonType)Methods.luma_result_json_type(handle,
                Utf8.Required(jsonPointer, "jsonPointer"));
        }

        /// <summary>Returns a value in the response as text, or null if there is none: the
        /// characters of a string, or the JSON of another value.</summary>
        public string GetText(string jsonPointer)
        {
            byte[] pointer = Utf8.Required(jsonPointer, "jsonPointer");
            bool added = false;
            try
            {
                handle.DangerousAddRef(ref added);
                IntPtr text;
                UIntPtr length;
                int status = Methods.luma_result_text(handle, pointer, out text, out length);
                if (status == Constants.LUMA_ERROR_POINTER_NOT_FOUND)
                    return null;
                Check(status);
                if (Methods.luma_result_json_type(handle, pointer) == Constants.LUMA_JSON_NULL)
                    return null;
                return Utf8.Text(text, (int)length);
            }
            finally
            {
                if (added)
                    handle.DangerousRelease();
            }
        }

        /// <summary>Returns an integer in the response.</summary>
        /// <exception cref="LumaArgumentException">There is no such integer.</exception>
        public long GetInt64(string jsonPointer)
        {
            long value;
            Check(Methods.luma_result_int64(handle, Utf8.Required(jsonPointer, "jsonPointer"),
                out value));
            return value;
        }

        /// <summary>Returns true or false in the response.</summary>
        /// <exception cref="LumaArgumentException">There is no such value.</exception>
        public bool GetBoolean(string jsonPointer)
        {
            int value;
            Check(Methods.luma_result_bool(handle, Utf8.Required(jsonPointer, "jsonPointer"),
                out value));
            return value != 0;
        }

        /// <summary>Returns the number of elements of an array, or of members of an object, in the
        /// response.</summary>
        /// <exception cref="LumaArgumentException">There is no such value.</exception>
        public int GetCount(string jsonPointer)
        {
            UIntPtr value;
            Check(Methods.luma_result_count(handle, Utf8.Required(jsonPointer, "jsonPointer"),
                out value));
            return (int)value;
        }

        /// <summary>Returns the message.</summary>
        public override string ToString()
        {
            return handle.IsClosed ? GetType().Name : Message;
        }

        /// <summary>Frees the result.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }

        internal static string Borrow(SafeHandle owner, Func<IntPtr> getter)
        {
            bool added = false;
            try
            {
                owner.DangerousAddRef(ref added);
                return Utf8.Text(getter());
            }
            finally
            {
                if (added)
                    owner.DangerousRelease();
            }
        }

        internal string Text(Func<LumaResultHandle, IntPtr> getter)
        {
            return Borrow(handle, delegate { return getter(handle); });
        }

        internal string Text(Func<LumaResultHandle, UIntPtr, IntPtr> getter, UIntPtr index)
        {
            return Borrow(handle, delegate { return getter(handle, index); });
        }

        internal byte[] Bytes(Func<LumaResultHandle, IntPtr> getter)
        {
            bool added = false;
            try
            {
                handle.DangerousAddRef(ref added);
                return Utf8.Copy(getter(handle));
            }
            finally
            {
                if (added)
                    handle.DangerousRelease();
            }
        }

        internal ReadOnlyCollection<T> Items<T>(Func<LumaResultHandle, UIntPtr> count,
            Func<UIntPtr, T> item)
        {
            T[] items = new T[(int)count(handle)];
            for (int i = 0; i < items.Length; i++)
                items[i] = item((UIntPtr)(uint)i);
            return new ReadOnlyCollection<T>(items);
        }

        private void Check(int status)
        {
            LumaArgumentException.ThrowIfFailed(status);
        }
    }

    /// <summary>The result of a trigger.</summary>
    public sealed class LumaTrigger : LumaResult
    {
        internal static readonly Func<LumaResultHandle, LumaTrigger> New =
            delegate(LumaResultHandle handle) { return new LumaTrigger(handle); };

        private LumaTrigger(LumaResultHandle handle) : base(handle) { }

        /// <summary>The id of the run.</summary>
        public string TriggerId
        {
            get { return Text(Methods.luma_result_trigger_id); }
        }

        /// <summary>True if a journal says that the key was accepted before, so that nothing was
        /// sent now.</summary>
        public bool AlreadyAccepted
        {
            get { return Status == LumaStatus.AlreadyAccepted; }
        }

        /// <summary>With a journal, when the key was accepted; otherwise null.</summary>
        public DateTimeOffset? JournalTime
        {
            get { return Time.Point(Methods.luma_result_journal_time_ms(Handle)); }
        }

        /// <summary>With a journal, false if the outcome could not be written to it after sending.
        /// The key is then unknown for later calls, see
        /// <see cref="LumaJournal.Resolve"/>.</summary>
        public bool JournalRecorded
        {
            get { return Methods.luma_result_journal_recorded(Handle) != 0; }
        }
    }

    /// <summary>A run: the result of reading its history, or of a wait.</summary>
    public sealed class LumaRun : LumaResult
    {
        private readonly string triggerId;

        internal LumaRun(LumaResultHandle handle, string triggerId) : base(handle)
        {
            this.triggerId = triggerId;
        }

        internal static Func<LumaResultHandle, LumaRun> For(string triggerId)
        {
            return delegate(LumaResultHandle handle) { return new LumaRun(handle, triggerId); };
        }

        /// <summary>The id of the run.</summary>
        public string TriggerId
        {
            get { return triggerId; }
        }

        /// <summary>The status of the run.</summary>
        public LumaRunStatus RunStatus
        {
            get { return (LumaRunStatus)Methods.luma_result_run_status(Handle); }
        }

        /// <summary>The status in the gateway's own text.</summary>
        public string RunStatusText
        {
            get { return Text(Methods.luma_result_run_status_text); }
        }

        /// <summary>True if the status is final: COMPLETED, FAILED or TERMINATED.</summary>
        public bool IsFinal
        {
            get { return Methods.luma_run_status_is_final((int)RunStatus) != 0; }
        }

        /// <summary>When the run started, or null.</summary>
        public DateTimeOffset? StartTime
        {
            get { return Time.Point(Methods.luma_result_run_start_time_ms(Handle)); }
        }

        /// <summary>When the run ended, or null.</summary>
        public DateTimeOffset? EndTime
        {
            get { return Time.Point(Methods.luma_result_run_end_time_ms(Handle)); }
        }

        /// <summary>How long the run took, or null.</summary>
        public TimeSpan? TimeSpent
        {
            get { return Time.Span(Methods.luma_result_run_time_spent_ms(Handle)); }
        }

        /// <summary>The number of polls of a wait.</summary>
        public int PollCount
        {
            get { return Methods.luma_result_poll_count(Handle); }
        }

        /// <summary>How long a wait has lasted, or null.</summary>
        public TimeSpan? WaitElapsed
        {
            get { return Time.Span(Methods.luma_result_wait_elapsed_ms(Handle)); }
        }

        /// <summary>The input parameters of the run.</summary>
        public IReadOnlyList<LumaParameter> Parameters
        {
            get
            {
                return Items(Methods.luma_result_parameter_count, delegate(UIntPtr index)
                {
                    return new LumaParameter(this, index);
                });
            }
        }
    }

    /// <summary>An input parameter of a run.</summary>
    public sealed class LumaParameter
    {
        internal LumaParameter(LumaResult result, UIntPtr index)
        {
            Name = result.Text(Methods.luma_result_parameter_name, index);
            Value = result.Text(Methods.luma_result_parameter_value, index);
            DataType = result.Text(Methods.luma_result_parameter_data_type, index);
            Caption = result.Text(Methods.luma_result_parameter_caption, index);
            Description = result.Text(Methods.luma_result_parameter_description, index);
        }

        /// <summary>The name of the variable.</summary>
        public string Name { get; private set; }
        /// <summary>The value: a text, or the JSON of another value.</summary>
        public string Value { get; private set; }
        /// <summary>Such as TEXT, INTEGER or DATE.</summary>
        public string DataType { get; private set; }
        /// <summary>The caption, for people.</summary>
        public string Caption { get; private set; }
        /// <summary>The description, for people.</summary>
        public string Description { get; private set; }
    }

    /// <summary>The steps of a run.</summary>
    public sealed class LumaSteps : LumaResult, IReadOnlyList<LumaStep>
    {
        internal static readonly Func<LumaResultHandle, LumaSteps> New =
            delegate(LumaResultHandle handle) { return new LumaSteps(handle); };

        private readonly ReadOnlyCollection<LumaStep> steps;

        private LumaSteps(LumaResultHandle handle) : base(handle)
        {
            steps = Items(Methods.luma_result_step_count, delegate(UIntPtr index)
            {
                return new LumaStep(this, index);
            });
        }

        /// <summary>The number of steps.</summary>
        public int Count
        {
            get { return steps.Count; }
        }

        /// <summary>The step at an index.</summary>
        public LumaStep this[int index]
        {
            get { return steps[index]; }
        }

        /// <summary>Enumerates the steps.</summary>
        public IEnumerator<LumaStep> GetEnumerator()
        {
            return steps.GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator()
        {
            return GetEnumerator();
        }
    }

    /// <summary>A step of a run.</summary>
    public sealed class LumaStep
    {
        internal LumaStep(LumaResult result, UIntPtr index)
        {
            Result = result;
            Id = result.Text(Methods.luma_result_step_id, index);
            Name = result.Text(Methods.luma_result_step_name, index);
            Status = (LumaRunStatus)Methods.luma_result_step_status(result.Handle, index);
            StatusText = result.Text(Methods.luma_result_step_status_text, index);
            StartTime = Time.Point(Methods.luma_result_step_start_time_ms(result.Handle, index));
            EndTime = Time.Point(Methods.luma_result_step_end_time_ms(result.Handle, index));
            TimeSpent = Time.Span(Methods.luma_result_step_time_spent_ms(result.Handle, index));
        }

        /// <summary>The id, for <see cref="LumaClient.GetWorkflowStep"/>.</summary>
        public string Id { get; private set; }
        /// <summary>The name.</summary>
        public string Name { get; private set; }
        /// <summary>The status.</summary>
        public LumaRunStatus Status { get; private set; }
        /// <summary>The status in the gateway's own text.</summary>
        public string StatusText { get; private set; }
        /// <summary>When the step started, or null.</summary>
        public DateTimeOffset? StartTime { get; private set; }
        /// <summary>When the step ended, or null.</summary>
        public DateTimeOffset? EndTime { get; private set; }
        /// <summary>How long the step took, or null.</summary>
        public TimeSpan? TimeSpent { get; private set; }
        /// <summary>The result that the step comes from.</summary>
        public LumaResult Result { get; private set; }
    }

    /// <summary>The workflow definitions.</summary>
    public sealed class LumaDefinitions : LumaResult, IReadOnlyList<LumaDefinition>
    {
        internal static readonly Func<LumaResultHandle, LumaDefinitions> New =
            delegate(LumaResultHandle handle) { return new LumaDefinitions(handle); };

        private readonly ReadOnlyCollection<LumaDefinition> definitions;

        private LumaDefinitions(LumaResultHandle handle) : base(handle)
        {
            definitions = Items(Methods.luma_result_definition_count, delegate(UIntPtr index)
            {
                return new LumaDefinition(this, index);
            });
        }

        /// <summary>The number of definitions.</summary>
        public int Count
        {
            get { return definitions.Count; }
        }

        /// <summary>The definition at an index.</summary>
        public LumaDefinition this[int index]
        {
            get { return definitions[index]; }
        }

        /// <summary>Enumerates the definitions.</summary>
        public IEnumerator<LumaDefinition> GetEnumerator()
        {
            return definitions.GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator()
        {
            return GetEnumerator();
        }
    }

    /// <summary>A workflow that can be triggered.</summary>
    public sealed class LumaDefinition
    {
        internal LumaDefinition(LumaResult result, UIntPtr index)
        {
            Identifier = result.Text(Methods.luma_result_definition_identifier, index);
            Name = result.Text(Methods.luma_result_definition_name, index);
            Description = result.Text(Methods.luma_result_definition_description, index);
            Parameters = result.Items(
                delegate(LumaResultHandle handle)
                {
                    return Methods.luma_result_definition_parameter_count(handle, index);
                },
                delegate(UIntPtr parameter)
                {
                    return new LumaDefinitionParameter(result, index, parameter);
                });
        }

        /// <summary>The identifier, for <see cref="LumaTriggerRequest"/>.</summary>
        public string Identifier { get; private set; }
        /// <summary>The name.</summary>
        public string Name { get; private set; }
        /// <summary>The description.</summary>
        public string Description { get; private set; }
        /// <summary>The input parameters.</summary>
        public IReadOnlyList<LumaDefinitionParameter> Parameters { get; private set; }
    }

    /// <summary>An input parameter of a workflow definition.</summary>
    public sealed class LumaDefinitionParameter
    {
        internal LumaDefinitionParameter(LumaResult result, UIntPtr definition, UIntPtr index)
        {
            Name = Read(result, Methods.luma_result_definition_parameter_name, definition, index);
            DataType = Read(result, Methods.luma_result_definition_parameter_data_type, definition,
                index);
            Required = Methods.luma_result_definition_parameter_required(result.Handle, definition,
                index) != 0;
            Caption = Read(result, Methods.luma_result_definition_parameter_caption, definition,
                index);
            Description = Read(result, Methods.luma_result_definition_parameter_description,
                definition, index);
        }

        /// <summary>The name, for <see cref="LumaTriggerRequest.SetVariable(string,
        /// string)"/>.</summary>
        public string Name { get; private set; }
        /// <summary>Such as TEXT, INTEGER or DATE.</summary>
        public string DataType { get; private set; }
        /// <summary>True if a trigger needs it.</summary>
        public bool Required { get; private set; }
        /// <summary>The caption, for people.</summary>
        public string Caption { get; private set; }
        /// <summary>The description, for people.</summary>
        public string Description { get; private set; }

        private static string Read(LumaResult result,
            Func<LumaResultHandle, UIntPtr, UIntPtr, IntPtr> getter, UIntPtr definition,
            UIntPtr index)
        {
            return LumaResult.Borrow(result.Handle,
                delegate { return getter(result.Handle, definition, index); });
        }
    }

    /// <summary>A URL that shows a run. Whoever has it can see the run.</summary>
    public sealed class LumaLaunchUrl : LumaResult
    {
        internal static readonly Func<LumaResultHandle, LumaLaunchUrl> New =
            delegate(LumaResultHandle handle) { return new LumaLaunchUrl(handle); };

        private LumaLaunchUrl(LumaResultHandle handle) : base(handle) { }

        /// <summary>Returns the URL in UTF-8. Wipe the array after use.</summary>
        public byte[] GetLaunchUrl()
        {
            return Bytes(Methods.luma_result_launch_url);
        }
    }

    /// <summary>A new access token.</summary>
    public sealed class LumaAccessToken : LumaResult
    {
        internal static readonly Func<LumaResultHandle, LumaAccessToken> New =
            delegate(LumaResultHandle handle) { return new LumaAccessToken(handle); };

        private LumaAccessToken(LumaResultHandle handle) : base(handle) { }

        /// <summary>Returns the token in ASCII. Wipe the array after use.</summary>
        public byte[] GetAccessToken()
        {
            return Bytes(Methods.luma_result_access_token);
        }
    }

    /// <summary>A connection that was opened ahead of time.</summary>
    public sealed class LumaConnection : LumaResult
    {
        internal static readonly Func<LumaResultHandle, LumaConnection> New =
            delegate(LumaResultHandle handle) { return new LumaConnection(handle); };

        private LumaConnection(LumaResultHandle handle) : base(handle) { }

        /// <summary>Address and port of the gateway, or of the proxy.</summary>
        public string PeerAddress
        {
            get { return Text(Methods.luma_result_peer_address); }
        }

        /// <summary>"TLS 1.2", "TLS 1.3", or "" for http.</summary>
        public string TlsVersion
        {
            get { return Text(Methods.luma_result_tls_version); }
        }

        /// <summary>When the gateway's certificate expires, or null for http.</summary>
        public DateTimeOffset? CertificateExpires
        {
            get { return Time.Point(Methods.luma_result_certificate_expires_ms(Handle)); }
        }
    }

    /// <summary>
    /// The base of what this library throws. After a trigger, the type says what is certain: see
    /// <see cref="LumaTriggerException"/>.
    /// </summary>
    public abstract class LumaException : Exception
    {
        internal LumaException(LumaStatus status, LumaOutcome outcome, string message,
            IReadOnlyList<string> reasons, LumaResult result, Exception inner) : base(message, inner)
        {
            Status = status;
            StatusName = Utf8.Text(Methods.luma_status_name((int)status));
            Outcome = outcome;
            Reasons = reasons;
            Result = result;
        }

        internal LumaException(LumaResult result, Exception inner)
            : this(result.Status, result.Outcome, result.Message, result.Reasons, result, inner)
        {
        }

        // From a status without a result, which belongs to an argument.
        internal LumaException(int status, string message)
            : this((LumaStatus)status, LumaOutcome.NotSent, string.IsNullOrEmpty(message)
                ? Utf8.Text(Methods.luma_status_message(status)) : message, new string[0], null, null)
        {
        }

        /// <summary>Why the call failed.</summary>
        public LumaStatus Status { get; private set; }
        /// <summary>The name of the status, such as LUMA_ERROR_CONNECT.</summary>
        public string StatusName { get; private set; }
        /// <summary>What is certain about the request.</summary>
        public LumaOutcome Outcome { get; private set; }
        /// <summary>The gateway's reasons for a refusal.</summary>
        public IReadOnlyList<string> Reasons { get; private set; }
        /// <summary>The result of the call, or null if there was none.</summary>
        public LumaResult Result { get; private set; }

        internal static LumaException From(LumaResult result, Exception inner)
        {
            if (!(result is LumaTrigger))
                return new LumaCallException(result, inner);
            switch (result.Outcome)
            {
                case LumaOutcome.Rejected:
                    return new LumaRejectedException(result, inner);
                case LumaOutcome.NotSent:
                    // A provider without a token is no mistake in an argument of the trigger.
                    if ((int)result.Status < 100 && result.Status != LumaStatus.AccessToken)
                        return new LumaArgumentException(result, inner);
                    return new LumaNotSentException(result, inner);
                default:
                    return new LumaUnknownException(result, inner);
            }
        }
    }

    /// <summary>A setting, an argument or the configuration file is invalid. Nothing was sent. The
    /// message says what to correct.</summary>
    public sealed class LumaArgumentException : LumaException
    {
        internal LumaArgumentException(int status, string message) : base(status, message) { }

        internal LumaArgumentException(LumaResult result, Exception inner) : base(result, inner) { }

        internal static void ThrowIfFailed(int status)
        {
            if (status != Constants.LUMA_OK)
                throw new LumaArgumentException(status, null);
        }

        internal static void ThrowIfFailed(int status, LumaResultHandle reason)
        {
            if (status != Constants.LUMA_OK)
                throw reason.IsInvalid ? new LumaArgumentException(status, null)
                    : new LumaArgumentException(new LumaResult(reason), null);
        }
    }

    /// <summary>
    /// A trigger was not accepted. Its type says what is certain:
    /// <see cref="LumaRejectedException"/>, <see cref="LumaNotSentException"/> or
    /// <see cref="LumaUnknownException"/>. Only triggers throw these, so a handler that triggers
    /// again never runs a workflow twice.
    /// </summary>
    public abstract class LumaTriggerException : LumaException
    {
        internal LumaTriggerException(LumaResult result, Exception inner) : base(result, inner) { }
    }

    /// <summary>The gateway refused the trigger. Nothing runs.</summary>
    public sealed class LumaRejectedException : LumaTriggerException
    {
        internal LumaRejectedException(LumaResult result, Exception inner) : base(result, inner) { }
    }

    /// <summary>Not one byte of the trigger was sent. Triggering again is safe. Also if a journal
    /// cannot be used, or the key belongs to another request: then the message says what to do
    /// first.</summary>
    public sealed class LumaNotSentException : LumaTriggerException
    {
        internal LumaNotSentException(LumaResult result, Exception inner) : base(result, inner) { }
    }

    /// <summary>The trigger was sent, at least in part, and no trustworthy response came back. The
    /// workflow may be running: check before you trigger it again.</summary>
    public sealed class LumaUnknownException : LumaTriggerException
    {
        internal LumaUnknownException(LumaResult result, Exception inner) : base(result, inner) { }
    }

    /// <summary>Another call than a trigger failed. <see cref="LumaException.Outcome"/> describes
    /// its request; a read may always be repeated.</summary>
    public class LumaCallException : LumaException
    {
        internal LumaCallException(LumaResult result, Exception inner) : base(result, inner) { }
    }

    /// <summary>
    /// A wait ended before its run. The run was accepted earlier and may still be running: never
    /// trigger it again because of this. <see cref="LumaException.Outcome"/> describes the last
    /// poll.
    /// </summary>
    public sealed class LumaWaitException : LumaCallException
    {
        internal LumaWaitException(LumaRun run, Exception inner) : base(run, inner)
        {
            TriggerId = run.TriggerId;
            Run = run;
        }

        /// <summary>The run, for another wait.</summary>
        public string TriggerId { get; private set; }
        /// <summary>The last state seen. Its RunStatus is None if no poll succeeded.</summary>
        public LumaRun Run { get; private set; }
    }

    /// <summary>A journal cannot be created, opened, read or changed. Only the methods of
    /// <see cref="LumaJournal"/> throw it, never a trigger.</summary>
    public sealed class LumaJournalException : LumaException
    {
        internal LumaJournalException(LumaResult result, Exception inner) : base(result, inner) { }

        internal LumaJournalException(int status) : base(status, null) { }
    }

    /// <summary>
    /// A call succeeded, and a callback threw meanwhile: see
    /// <see cref="Exception.InnerException"/>. The result of the call is not lost: see
    /// <see cref="LumaException.Result"/>, which is a <see cref="LumaTrigger"/> after a trigger.
    /// </summary>
    public sealed class LumaCallbackException : LumaException
    {
        internal LumaCallbackException(LumaResult result, Exception inner)
            : base(result.Status, result.Outcome,
                "The call succeeded, but a callback threw: " + inner.Message, new string[0], result,
                inner)
        {
        }
    }

    /// <summary>
    /// Collects the progress of a wait for a host that reads it in a loop, such as PowerShell.
    /// </summary>
    public sealed class LumaProgressQueue : IProgress<LumaRun>
    {
        private readonly ConcurrentQueue<LumaRun> runs = new ConcurrentQueue<LumaRun>();

        /// <summary>Adds a run.</summary>
        public void Report(LumaRun value)
        {
            runs.Enqueue(value);
        }

        /// <summary>Removes and returns the oldest run, or returns null.</summary>
        public LumaRun Take()
        {
            LumaRun run;
            return runs.TryDequeue(out run) ? run : null;
        }
    }

    internal static class Time
    {
        private static readonly DateTimeOffset Epoch =
            new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

        // Rounds up, so that a fraction of a millisecond does not become 0.
        internal static long Milliseconds(TimeSpan time)
        {
            return (long)Math.Ceiling(time.TotalMilliseconds);
        }

        // The limit of a wait: 0 for none, so a time that has passed becomes 1.
        internal static long Limit(TimeSpan? timeout)
        {
            return timeout == null || timeout == Timeout.InfiniteTimeSpan ? 0
                : Math.Max(1, Milliseconds(timeout.Value));
        }

        internal static TimeSpan? Span(long milliseconds)
        {
            return milliseconds < 0 ? null : (TimeSpan?)TimeSpan.FromMilliseconds(milliseconds);
        }

        internal static DateTimeOffset? Point(long milliseconds)
        {
            return milliseconds < 0 ? null : (DateTimeOffset?)Epoch.AddMilliseconds(milliseconds);
        }
    }

    internal static class Utf8
    {
        private static readonly UTF8Encoding Strict = new UTF8Encoding(false, true);

        internal static byte[] Required(string text, string argument)
        {
            if (text == null)
                throw new ArgumentNullException(argument);
            return Bytes(text, argument);
        }

        // Returns the text with a NUL at its end, or null.
        internal static byte[] Bytes(string text, string argument)
        {
            if (text == null)
                return null;
            char[] characters = text.ToCharArray();
            return Bytes(characters, characters.Length, argument);
        }

        internal static byte[] Bytes(char[] text, int length, string argument)
        {
            if (Array.IndexOf(text, '\0', 0, length) >= 0)
                throw new ArgumentException("The text contains a NUL.", argument);
            try
            {
                byte[] bytes = new byte[Strict.GetByteCount(text, 0, length) + 1];
                Strict.GetBytes(text, 0, length, bytes, 0);
                return bytes;
            }
            catch (EncoderFallbackException exception)
            {
                throw new ArgumentException("The text contains half of a surrogate pair.", argument,
                    exception);
            }
        }

        internal static string Text(IntPtr pointer)
        {
            return Text(pointer, Length(pointer));
        }

        internal static string Text(IntPtr pointer, int length)
        {
            byte[] bytes = new byte[length];
            if (length > 0)
                Marshal.Copy(pointer, bytes, 0, length);
            return Encoding.UTF8.GetString(bytes);
        }

        internal static byte[] Copy(IntPtr pointer)
        {
            byte[] bytes = new byte[Length(pointer)];
            if (bytes.Length > 0)
                Marshal.Copy(pointer, bytes, 0, bytes.Length);
            return bytes;
        }

        private static int Length(IntPtr pointer)
        {
            int length = 0;
            if (pointer != IntPtr.Zero)
            {
                while (Marshal.ReadByte(pointer, length) != 0)
                    length++;
            }
            return length;
        }
    }

    // A secret argument in UTF-8. The garbage collector cannot copy it, and Dispose wipes it.
    internal sealed class Secret : IDisposable
    {
        private readonly byte[] bytes;
        private GCHandle pin;

        private Secret(char[] characters, int length, string argument)
        {
            bytes = Utf8.Bytes(characters, length, argument);
            pin = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        }

        internal byte[] Bytes
        {
            get { return bytes; }
        }

        internal static Secret From(string text, string argument)
        {
            if (text == null)
                throw new ArgumentNullException(argument);
            return new Secret(text.ToCharArray(), text.Length, argument);
        }

        internal static Secret From(SecureString text, string argument)
        {
            if (text == null)
                throw new ArgumentNullException(argument);
            char[] characters = new char[text.Length];
            GCHandle pinned = GCHandle.Alloc(characters, GCHandleType.Pinned);
            IntPtr copy = Marshal.SecureStringToGlobalAllocUnicode(text);
            try
            {
                Marshal.Copy(copy, characters, 0, characters.Length);
                return new Secret(characters, characters.Length, argument);
            }
            finally
            {
                Marshal.ZeroFreeGlobalAllocUnicode(copy);
                Array.Clear(characters, 0, characters.Length);
                pinned.Free();
            }
        }

        public void Dispose()
        {
            Array.Clear(bytes, 0, bytes.Length);
            if (pin.IsAllocated)
                pin.Free();
        }
    }

    // The callbacks that the library calls. No exception leaves them: it is stored, and thrown after
    // the call. They run on the thread of the call.
    internal static class Callbacks
    {
        // Delegates for the native side. As static fields, they are never collected. Each client's
        // own delegate is reached through a GCHandle, which the library frees with the last client.
        private static readonly luma_log_fn Log = OnLog;
        private static readonly luma_token_fn Token = OnToken;
        private static readonly luma_free_fn Free = OnFree;
        private static readonly luma_claim_fn Claim = OnClaim;
        private static readonly luma_complete_fn Complete = OnComplete;

        [ThreadStatic]
        private static Exception thrown;

        internal static Exception Begin()
        {
            Exception outer = thrown;
            thrown = null;
            return outer;
        }

        internal static Exception End(Exception outer)
        {
            Exception inner = thrown;
            thrown = outer;
            return inner;
        }

        internal static int SetLog(LumaConfigHandle config, int level,
            Action<LumaLogLevel, string> log)
        {
            return Methods.luma_config_set_log_with_free(config, level, Log,
                GCHandle.ToIntPtr(GCHandle.Alloc(log)), Free);
        }

        internal static void SetTokenProvider(LumaConfigHandle config, Func<byte[]> provider)
        {
            LumaClientOptions.Check(config, Methods.luma_config_set_token_provider_with_free(config,
                Token, GCHandle.ToIntPtr(GCHandle.Alloc(provider)), Free));
        }

        internal static int TriggerOnce(LumaClientHandle client, ILumaStore store, byte[] secret,
            byte[] key, LumaTriggerRequestHandle request, out LumaResultHandle result)
        {
            GCHandle pinned = GCHandle.Alloc(store);
            try
            {
                return Methods.luma_trigger_workflow_once_with_store(client, Claim, Complete,
                    GCHandle.ToIntPtr(pinned), secret, key, request, out result);
            }
            finally
            {
                pinned.Free();
            }
        }

        private static int OnClaim(IntPtr key, IntPtr digest, IntPtr intentJson, IntPtr triggerId,
            UIntPtr size, IntPtr userData)
        {
            try
            {
                LumaClaim claim = ((ILumaStore)GCHandle.FromIntPtr(userData).Target)
                    .Claim(Utf8.Text(key), Utf8.Text(digest), Utf8.Text(intentJson));
                if (claim.TriggerId != null)
                {
                    if ((ulong)claim.TriggerId.Length > (ulong)size)
                        throw new ArgumentException("The stored trigger id is too long.");
                    Marshal.Copy(claim.TriggerId, 0, triggerId, claim.TriggerId.Length);
                }
                return claim.Number;
            }
            catch (Exception exception)
            {
                thrown = exception;
                return -1;
            }
        }

        private static int OnComplete(IntPtr key, int outcome, IntPtr triggerId, IntPtr userData)
        {
            try
            {
                ((ILumaStore)GCHandle.FromIntPtr(userData).Target)
                    .Complete(Utf8.Text(key), (LumaOutcome)outcome, Utf8.Text(triggerId));
                return 0;
            }
            catch (Exception exception)
            {
                thrown = exception;
                return -1;
            }
        }

        private static void OnLog(int level, IntPtr line, IntPtr userData)
        {
            try
            {
                Action<LumaLogLevel, string> log =
                    (Action<LumaLogLevel, string>)GCHandle.FromIntPtr(userData).Target;
                log((LumaLogLevel)level, Utf8.Text(line));
            }
            catch (Exception exception)
            {
                if (thrown == null)
                    thrown = exception;
            }
        }

        private static UIntPtr OnToken(IntPtr buffer, UIntPtr size, IntPtr userData)
        {
            byte[] token = null;
            try
            {
                token = ((Func<byte[]>)GCHandle.FromIntPtr(userData).Target)();
                if (token == null)
                    return UIntPtr.Zero;
                if ((ulong)token.Length <= (ulong)size)
                    Marshal.Copy(token, 0, buffer, token.Length);
                return (UIntPtr)(uint)token.Length;
            }
            catch (Exception exception)
            {
                thrown = exception;
                return UIntPtr.Zero;
            }
            finally
            {
                if (token != null)
                    Array.Clear(token, 0, token.Length);
            }
        }

        private static void OnFree(IntPtr userData)
        {
            try
            {
                GCHandle.FromIntPtr(userData).Free();
            }
            catch (Exception)
            {
                // Nobody can be told.
            }
        }
    }

    // Loads the native library, once, and finds its functions. The name is never searched in the
    // current directory or the PATH, because services with privileges load it.
    internal static class Library
    {
        private static readonly object Lock = new object();
        private static readonly bool IsWindows = Path.DirectorySeparatorChar == '\\';
        private static readonly Type NativeLibrary = Type.GetType(
            "System.Runtime.InteropServices.NativeLibrary, System.Runtime.InteropServices", false);
        private static IntPtr library;
        private static string loadedFrom;

        [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true, ExactSpelling = true)]
        private static extern IntPtr LoadLibraryExW(string path, IntPtr reserved, uint flags);

        [DllImport("kernel32", CharSet = CharSet.Ansi, ExactSpelling = true)]
        private static extern IntPtr GetProcAddress(IntPtr library, string name);

        [DllImport("libdl.so.2", EntryPoint = "dlopen")]
        private static extern IntPtr DlOpen(byte[] path, int flags);

        [DllImport("libdl.so.2", EntryPoint = "dlsym")]
        private static extern IntPtr DlSym(IntPtr library, byte[] name);

        [DllImport("libdl.so.2", EntryPoint = "dlerror")]
        private static extern IntPtr DlError();

        internal static T Load<T>(ref T cached, string name) where T : class
        {
            T function = Volatile.Read(ref cached);
            if (function != null)
                return function;
            function = (T)(object)Marshal.GetDelegateForFunctionPointer(Find(name), typeof(T));
            Volatile.Write(ref cached, function);
            return function;
        }

        private static IntPtr Find(string name)
        {
            lock (Lock)
            {
                if (library == IntPtr.Zero)
                    Open();
                IntPtr address = IntPtr.Zero;
                if (IsWindows)
                    address = GetProcAddress(library, name);
                else if (NativeLibrary != null)
                {
                    object[] arguments = { library, name, IntPtr.Zero };
                    NativeLibrary.GetMethod("TryGetExport").Invoke(null, arguments);
                    address = (IntPtr)arguments[2];
                }
                else
                    address = DlSym(library, Utf8.Bytes(name, "name"));
                if (address == IntPtr.Zero)
                    throw new EntryPointNotFoundException(loadedFrom + " has no function " + name
                        + ": it is older than Luma.Automation. Update the library.");
                return address;
            }
        }

        private static void Open()
        {
            List<string> failures = new List<string>();
            string file = IsWindows ? "luma.dll" : "libluma.so.0";
            foreach (string directory in Directories())
            {
                foreach (string candidate in Candidates(directory, file))
                {
                    if (File.Exists(candidate) && TryOpen(candidate, failures))
                        return;
                }
            }
            string configured = Environment.GetEnvironmentVariable("LUMA_LIBRARY");
            if (!string.IsNullOrEmpty(configured))
            {
                if (!IsFullPath(configured))
                    throw new DllNotFoundException("LUMA_LIBRARY is \"" + configured
                        + "\", which is not a full path. Set it to the full path of " + file + ".");
                if (TryOpen(configured, failures))
                    return;
                throw new DllNotFoundException("LUMA_LIBRARY cannot be loaded: "
                    + failures[failures.Count - 1]);
            }
            if (TryOpen(file, failures))
                return;
            throw new DllNotFoundException("The library of Luma Automation cannot be loaded. Install"
                + " it, or set LUMA_LIBRARY to its full path. " + string.Join("; ", failures));
        }

        private static IEnumerable<string> Directories()
        {
            // Location is empty for an assembly that was loaded from memory.
            string location = typeof(Library).Assembly.Location;
            if (!string.IsNullOrEmpty(location))
                yield return Path.GetDirectoryName(location);
            yield return AppDomain.CurrentDomain.BaseDirectory;
            // Where .NET finds the native files of packages.
            string packages = AppDomain.CurrentDomain.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string;
            if (packages != null)
            {
                foreach (string directory in packages.Split(Path.PathSeparator))
                {
                    if (directory.Length > 0)
                        yield return directory;
                }
            }
        }

        private static IEnumerable<string> Candidates(string directory, string file)
        {
            // On Linux, a library for another processor is refused, and the next one is tried.
            string[] platforms = !IsWindows ? new[] { "linux-x64", "linux-arm64" }
                : new[] { IntPtr.Size == 8 ? "win-x64" : "win-x86" };
            foreach (string platform in platforms)
                yield return Path.Combine(directory, "runtimes", platform, Path.Combine("native", file));
            yield return Path.Combine(directory, file);
        }

        private static bool IsFullPath(string path)
        {
            if (!IsWindows)
                return path[0] == '/';
            return path.StartsWith("\\\\", StringComparison.Ordinal)
                || (path.Length > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/'));
        }

        private static bool TryOpen(string path, List<string> failures)
        {
            try
            {
                if (IsWindows)
                {
                    // LOAD_LIBRARY_SEARCH_DEFAULT_DIRS, and LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR for a
                    // path: neither the current directory nor the PATH.
                    uint flags = IsFullPath(path) ? 0x1100u : 0x1000u;
                    library = LoadLibraryExW(path.Replace('/', '\\'), IntPtr.Zero, flags);
                    if (library == IntPtr.Zero)
                        failures.Add(path + ": error " + Marshal.GetLastWin32Error()
                            + " of LoadLibraryEx");
                }
                else if (NativeLibrary != null)
                {
                    MethodInfo load = NativeLibrary.GetMethod("Load", new[] { typeof(string) });
                    library = (IntPtr)load.Invoke(null, new object[] { path });
                }
                else
                {
                    const int now = 2;
                    library = DlOpen(Utf8.Required(path, "path"), now);
                    if (library == IntPtr.Zero)
                        failures.Add(Utf8.Text(DlError()));
                }
            }
            catch (TargetInvocationException exception)
            {
                failures.Add(exception.InnerException.Message);
            }
            loadedFrom = path;
            return library != IntPtr.Zero;
        }
    }
}
