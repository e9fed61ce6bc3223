<?php

declare(strict_types=1);

namespace Luma\Automation;

use Luma\Automation\Native\Constants;

/** The header that carries the access token. */
enum AuthScheme: int
{
    case Bearer = Constants::LUMA_AUTH_BEARER;
    case ApiAccessKey = Constants::LUMA_AUTH_API_ACCESS_KEY;
}
