<?php

declare(strict_types=1);

namespace Luma\Automation;

/** An input of a run. */
final class Parameter
{
    /** @internal */
    public function __construct(
        public readonly string $name,
        public readonly string $value,
        public readonly string $dataType,
        public readonly string $caption,
        public readonly string $description,
    ) {
    }
}
