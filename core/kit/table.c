/* Every check there is so far: groups A to D. */
#include "groups.h"

const kit_check kit_checks[] = {
#define XX(name, needs, caps) { 'A', #name, kit_##name, needs, caps },
	KIT_GROUP_A(XX)
#undef XX
#define XX(name, needs, caps) { 'B', #name, kit_##name, needs, caps },
		KIT_GROUP_B(XX)
#undef XX
#define XX(name, needs, caps) { 'C', #name, kit_##name, needs, caps },
			KIT_GROUP_C(XX)
#undef XX
#define XX(name, needs, caps) { 'D', #name, kit_##name, needs, caps },
				KIT_GROUP_D(XX)
#undef XX
};
const uint32_t kit_ncheck = sizeof(kit_checks) / sizeof(kit_checks[0]);
