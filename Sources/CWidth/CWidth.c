#include "CWidth.h"

#include <wchar.h>

int CWidth_wcwidth(uint32_t character)
{
	return wcwidth((wchar_t)character);
}
