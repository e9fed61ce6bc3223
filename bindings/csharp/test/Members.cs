// Prints the public members of Luma.Automation.dll, for check_module.py.
using System;
using System.Reflection;
using Luma.Automation;

static class Members
{
    static void Main()
    {
        foreach (Type type in typeof(LumaClient).Assembly.GetExportedTypes())
        {
            foreach (MemberInfo member in type.GetMembers())
            {
                MethodBase method = member as MethodBase;
                Console.WriteLine("{0} {1} {2}", type.Name, member.Name,
                    method == null ? 0 : method.GetParameters().Length);
            }
        }
    }
}
