//! Keeps Tesseract to the thread that calls it.

/// Makes every OpenMP region that this thread enters run on this thread alone.
///
/// Tesseract opens four-thread regions inside each text line. With one engine a thread, as here, those threads fight
/// each other: two engines on two cores were measured four to eight times slower than with the regions closed.
/// `OMP_THREAD_LIMIT` would have to be in the environment before the program starts, because libgomp reads it as it is
/// loaded; the number of active levels can be set at any time, belongs to the calling thread, and, unlike the number of
/// threads, is not overruled by the `num_threads` clauses in Tesseract's source.
pub(super) fn stay_on_this_thread() {
    #[cfg(target_os = "linux")]
    gomp::serialise();
}

#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
mod gomp {
    use std::os::raw::c_int;

    // Debian's libtesseract is linked to GCC's OpenMP runtime, so the library is in the process in any case.
    #[link(name = "gomp")]
    unsafe extern "C" {
        fn omp_set_max_active_levels(levels: c_int);
    }

    pub(super) fn serialise() {
        // SAFETY: OpenMP 3.0 lets this be called at any time, from any thread, with any number that is not negative;
        // it sets a control variable of the calling thread and touches no memory of ours.
        unsafe { omp_set_max_active_levels(0) }
    }
}
