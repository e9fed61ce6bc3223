package org.libluma;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds the native library, and converts strings. */
final class LumaLibrary {
    private LumaLibrary() {}

    /** The library in the jar, else the file that LUMA_LIBRARY names, else the installed one. */
    static NativeLibrary load() {
        String resource = "/" + Platform.RESOURCE_PREFIX + "/" + System.mapLibraryName("luma");
        String variable = System.getenv("LUMA_LIBRARY");
        if (LumaLibrary.class.getResource(resource) != null) {
            return loadResource(resource);
        }
        String name = Platform.isWindows() ? "luma" : "libluma.so.0";
        if (variable != null && !variable.isEmpty()) {
            if (!new File(variable).isAbsolute()) {
                throw new UnsatisfiedLinkError("LUMA_LIBRARY is \"" + variable
                    + "\", but must be the full path of the luma library");
            }
            name = variable;
        }
        try {
            return NativeLibrary.getInstance(name);
        } catch (UnsatisfiedLinkError e) {
            UnsatisfiedLinkError error = new UnsatisfiedLinkError(name + " cannot be loaded: the jar has"
                + " no library for " + Platform.RESOURCE_PREFIX
                + ". Install it, or set LUMA_LIBRARY to its full path.");
            error.initCause(e);
            throw error;
        }
    }

    private static NativeLibrary loadResource(String resource) {
        try {
            File file = Native.extractFromResourcePath(resource, LumaLibrary.class.getClassLoader());
            NativeLibrary library = NativeLibrary.getInstance(file.getAbsolutePath());
            // JNA gives this name to what it extracts. A loaded DLL cannot be deleted, but with
            // this mark JNA deletes it the next time.
            if (file.getName().startsWith("jna") && !file.delete()) {
                new File(file.getPath() + ".x").createNewFile();
            }
            return library;
        } catch (IOException e) {
            UnsatisfiedLinkError error =
                new UnsatisfiedLinkError("cannot extract " + resource + " from the jar: " + e.getMessage());
            error.initCause(e);
            throw error;
        }
    }

    /** UTF-8 with a NUL at the end; null for null. */
    static byte[] utf8(String text, String name) {
        if (text == null) {
            return null;
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(name + " contains a NUL");
        }
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOf(bytes(utf8), utf8.limit() + 1);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(name + " contains half of a surrogate pair", e);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static String string(Pointer utf8) {
        return utf8 == null ? "" : utf8.getString(0, "UTF-8");
    }

    static String string(Pointer utf8, long length) {
        return new String(utf8.getByteArray(0, Math.toIntExact(length)), StandardCharsets.UTF_8);
    }
}
