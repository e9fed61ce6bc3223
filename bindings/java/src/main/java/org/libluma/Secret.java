package org.libluma;

import com.sun.jna.Pointer;
import java.util.function.Function;

/**
 * The result of a call that returns a secret: a launch URL, or a new access token. Close it to wipe
 * the secret from memory.
 */
public final class Secret extends LumaResult {
    private final Function<Pointer, Pointer> getter;

    Secret(Pointer pointer, Function<Pointer, Pointer> getter) {
        super(pointer);
        this.getter = getter;
    }

    /**
     * The secret in UTF-8. Wipe this copy after use.
     *
     * @return a new copy
     */
    public byte[] bytes() {
        return read(p -> {
            Pointer secret = getter.apply(p);
            return secret.getByteArray(0, (int) secret.indexOf(0, (byte) 0));
        });
    }
}
