<?php

declare(strict_types=1);

namespace Luma\Automation;

/** A workflow that can be triggered. */
final class Definition
{
    /** @internal */
    public function __construct(
        public readonly string $identifier,
        public readonly string $name,
        public readonly string $description,
        /** @var list<DefinitionParameter> */
        public readonly array $parameters,
    ) {
    }
}
