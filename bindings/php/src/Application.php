<?php

declare(strict_types=1);

namespace Luma\Automation;

use Luma\Automation\Native\Constants;

/** The applications of an initiator. */
enum Application: int
{
    case Luma = Constants::LUMA_APPLICATION_LUMA;
    case Ism = Constants::LUMA_APPLICATION_ISM;
    case ChangeGear = Constants::LUMA_APPLICATION_CHANGEGEAR;
    case Pob = Constants::LUMA_APPLICATION_POB;
}
