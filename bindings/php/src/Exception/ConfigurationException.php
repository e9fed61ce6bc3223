<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

/**
 * A setting, or the configuration file, is wrong. Nothing was sent.
 */
class ConfigurationException extends LumaException
{
}
