// SPDX-License-Identifier: MIT
#include "server/service.h"
