<?php

declare(strict_types=1);

namespace Luma\Automation;

/** A variable of a workflow definition. */
final class DefinitionParameter
{
    /** @internal */
    public function __construct(
        public readonly string $name,
        public readonly string $dataType,
        public readonly bool $required,
        public readonly string $caption,
        public readonly string $description,
    ) {
    }
}
