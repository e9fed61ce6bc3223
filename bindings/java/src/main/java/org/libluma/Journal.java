package org.libluma;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A folder that remembers which keys were triggered, for {@link LumaClient#triggerOnce}. Any number
 * of threads and clients may use it.
 */
public final class Journal implements AutoCloseable {
    final Handle handle;

    private Journal(Pointer pointer) {
        handle = new Handle("journal", pointer, LumaNative::luma_journal_free);
    }

    /**
     * Creates a journal, once, when a program is installed.
     *
     * @param folder a folder on a disk of this machine, empty or not existing
     * @param baseUrl the gateway that the journal is for
     */
    public static void create(Path folder, String baseUrl) {
        byte[] path = LumaClient.text(folder.toString(), "folder");
        byte[] url = LumaClient.text(baseUrl, "baseUrl");
        PointerByReference reason = new PointerByReference();
        LumaNative.luma_journal_create(path, url, reason);
        LumaException.checkReason(reason);
    }

    /**
     * Opens a journal. Never creates one.
     *
     * @param folder the folder that {@link #create} created
     * @return the journal
     */
    public static Journal open(Path folder) {
        byte[] path = LumaClient.text(folder.toString(), "folder");
        PointerByReference out = new PointerByReference();
        PointerByReference reason = new PointerByReference();
        LumaNative.luma_journal_open(path, out, reason);
        LumaException.checkReason(reason);
        return new Journal(out.getValue());
    }

    /**
     * What the journal knows about a key: for example, which run belongs to a ticket.
     *
     * @param key the key
     * @return empty if the key is not known
     */
    public Optional<JournalEntry> find(String key) {
        byte[] name = LumaClient.text(key, "key");
        LumaResult result = result((j, out) -> LumaNative.luma_journal_find(j, name, out));
        if (result.status() == LumaStatus.KEY_NOT_FOUND) {
            return Optional.empty();
        }
        return Optional.of(new JournalEntry(checked(result), ""));
    }

    /**
     * The keys that somebody has to look at, oldest first: those whose outcome is unknown, and
     * accepted ones whose end nobody acknowledged.
     *
     * @return the entries
     */
    public List<JournalEntry> unfinished() {
        LumaResult result = checked(result(LumaNative::luma_journal_unfinished));
        return IntStream.range(0, result.number(p -> LumaNative.luma_result_journal_count(p).intValue()))
            .mapToObj(i -> new JournalEntry(result, "/entries/" + i))
            .collect(Collectors.toUnmodifiableList());
    }

    /**
     * Records that the end of an accepted run was seen.
     *
     * @param key the key
     * @return the key's new state
     */
    public JournalEntry acknowledge(String key) {
        byte[] name = LumaClient.text(key, "key");
        return changed((j, out) -> LumaNative.luma_journal_acknowledge(j, name, out));
    }

    /**
     * Settles a key whose outcome is unknown, after a person has found the run.
     *
     * @param key the key
     * @param triggerId names the run that was found
     * @param who found it
     * @param reason how
     * @return the key's new state
     */
    public JournalEntry resolve(String key, String triggerId, String who, String reason) {
        return settle(key, LumaClient.text(triggerId, "triggerId"), who, reason);
    }

    /**
     * Settles a key whose outcome is unknown, after a person has found that there certainly is no
     * run. The next call with the key then sends.
     *
     * @param key the key
     * @param who found it out
     * @param reason how
     * @return the key's new state
     */
    public JournalEntry resolveAsNotRun(String key, String who, String reason) {
        return settle(key, null, who, reason);
    }

    private JournalEntry settle(String key, byte[] triggerId, String who, String reason) {
        byte[] name = LumaClient.text(key, "key");
        byte[] person = LumaClient.text(who, "who");
        byte[] why = LumaClient.text(reason, "reason");
        return changed((j, out) ->
            LumaNative.luma_journal_resolve(j, name, triggerId, person, why, out));
    }

    /**
     * Allows one more run for an accepted key: its ticket was opened again, or the run has failed.
     *
     * @param key the key
     * @param who allows it
     * @param reason why
     * @return the key's new state
     */
    public JournalEntry newAttempt(String key, String who, String reason) {
        byte[] name = LumaClient.text(key, "key");
        byte[] person = LumaClient.text(who, "who");
        byte[] why = LumaClient.text(reason, "reason");
        return changed((j, out) -> LumaNative.luma_journal_new_attempt(j, name, person, why, out));
    }

    /**
     * Removes finished keys. They can be triggered again.
     *
     * @param age the time since their last event, after which they certainly do not come again
     * @return the number of keys that were removed
     */
    public int prune(Duration age) {
        long milliseconds = LumaClient.milliseconds(age);
        return checked(result((j, out) -> LumaNative.luma_journal_prune(j, milliseconds, out)))
            .number(p -> LumaNative.luma_result_journal_count(p).intValue());
    }

    /** Closes the journal. The folder stays. */
    @Override
    public void close() {
        handle.close();
    }

    private interface Call {
        int apply(Pointer journal, PointerByReference out);
    }

    private LumaResult result(Call call) {
        PointerByReference out = new PointerByReference();
        handle.use(j -> call.apply(j, out));
        return new LumaResult(out.getValue());
    }

    private JournalEntry changed(Call call) {
        return new JournalEntry(checked(result(call)), "");
    }

    private static LumaResult checked(LumaResult result) {
        if (result.status() == LumaStatus.OK) {
            return result;
        }
        throw LumaException.of(result);
    }
}
