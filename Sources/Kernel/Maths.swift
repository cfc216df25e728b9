// The one file of the kernel that imports the C library: what only it can work out.
import Glibc

/// Functions of real numbers.
public enum Maths {
    public static func cosine(_ radians: Double) -> Double { cos(radians) }
    public static func sine(_ radians: Double) -> Double { sin(radians) }
    public static func arcsine(_ sine: Double) -> Double { asin(sine) }
    public static func logarithm(_ number: Double) -> Double { log(number) }
}
