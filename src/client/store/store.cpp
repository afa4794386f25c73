// SPDX-License-Identifier: MIT
#include "client/store/store.h"
