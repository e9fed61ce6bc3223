package org.libluma;

import com.sun.jna.Pointer;
import java.time.Instant;
import java.util.Optional;

/** A connection that was opened ahead of time. */
public final class Connection extends LumaResult {
    Connection(Pointer pointer) {
        super(pointer);
    }

    /**
     * The address of the gateway, or of the proxy.
     *
     * @return such as {@code 192.0.2.7:443}
     */
    public String peerAddress() {
        return string(LumaNative::luma_result_peer_address);
    }

    /**
     * The version of TLS.
     *
     * @return such as {@code TLS 1.3}; an empty string without TLS
     */
    public String tlsVersion() {
        return string(LumaNative::luma_result_tls_version);
    }

    /**
     * When the gateway's certificate expires.
     *
     * @return empty without TLS
     */
    public Optional<Instant> certificateExpires() {
        return instant(LumaNative::luma_result_certificate_expires_ms);
    }
}
